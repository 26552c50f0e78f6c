// esbuild embeds library files as text.
declare module '*.lifeline' {
  const text: string;
  export default text;
}
// So are the pages of the documentation that the tool shows.
declare module '*.md' {
  const text: string;
  export default text;
}
