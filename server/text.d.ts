// What the bundler embeds as text.
declare module '*.lifeline' {
  const text: string;
  export default text;
}
declare module '*.md' {
  const text: string;
  export default text;
}
