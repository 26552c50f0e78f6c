// Numbers for people.

/** 1842301 as `1,842,301`: the same in every locale. Of whole numbers. */
export function grouped(n: number | bigint): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
