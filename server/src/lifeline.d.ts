// esbuild embeds library files as text.
declare module '*.lifeline' {
  const text: string;
  export default text;
}
