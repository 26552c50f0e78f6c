// Made by esbuild.mjs: the text of every seed scenario, by file name.
declare module 'scenarios:seed' {
  const texts: Readonly<Record<string, string>>;
  export default texts;
}
