// Writes WebAssembly modules: bytes, function bodies, sections. Knows the binary format and nothing of what the code is for.

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof I64 | typeof V128;

/** Instructions without immediates. */
export const Op = {
  unreachable: 0x00,
  return: 0x0f,
  drop: 0x1a,
  select: 0x1b,
  eqz: 0x45,
  eq: 0x46,
  ne: 0x47,
  ltS: 0x48,
  ltU: 0x49,
  gtS: 0x4a,
  gtU: 0x4b,
  leS: 0x4c,
  geS: 0x4e,
  geU: 0x4f,
  eqz64: 0x50,
  eq64: 0x51,
  ne64: 0x52,
  ltS64: 0x53,
  gtS64: 0x55,
  gtU64: 0x56,
  leS64: 0x57,
  geS64: 0x59,
  add: 0x6a,
  sub: 0x6b,
  mul: 0x6c,
  divS: 0x6d,
  divU: 0x6e,
  remS: 0x6f,
  and: 0x71,
  or: 0x72,
  xor: 0x73,
  shl: 0x74,
  shrS: 0x75,
  shrU: 0x76,
  add64: 0x7c,
  sub64: 0x7d,
  mul64: 0x7e,
  divS64: 0x7f,
  remS64: 0x81,
  and64: 0x83,
  or64: 0x84,
  xor64: 0x85,
  shl64: 0x86,
  shrS64: 0x87,
  shrU64: 0x88,
  wrap: 0xa7,
  extendS: 0xac,
  extendU: 0xad,
} as const;

const empty = 0x40;

/** Bytes that grow. */
export class Bytes {
  data: Uint8Array;
  length = 0;

  /** `room`: about how many there will be. */
  constructor(room = 256) {
    this.data = new Uint8Array(room);
  }

  byte(value: number): this {
    if (this.length === this.data.length) this.reserve(1);
    this.data[this.length++] = value;
    return this;
  }

  append(other: Bytes): this {
    this.reserve(other.length);
    this.data.set(other.data.subarray(0, other.length), this.length);
    this.length += other.length;
    return this;
  }

  text(value: string): this {
    this.unsigned(value.length);
    for (let i = 0; i < value.length; i++) this.byte(value.charCodeAt(i));
    return this;
  }

  /** LEB128 of 0 <= value < 2^53. */
  unsigned(value: number): this {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** LEB128 of a 32-bit integer. */
  signed(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 127;
      rest >>= 7;
      if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) return this.byte(low);
      this.byte(low | 128);
    }
  }

  /** LEB128 of a 64-bit integer. */
  signed64(value: bigint): this {
    let rest = BigInt.asIntN(64, value);
    for (;;) {
      const low = Number(rest & 127n);
      rest >>= 7n;
      if ((rest === 0n && (low & 64) === 0) || (rest === -1n && (low & 64) !== 0)) return this.byte(low);
      this.byte(low | 128);
    }
  }

  private reserve(more: number): void {
    if (this.length + more <= this.data.length) return;
    const grown = new Uint8Array(Math.max(2 * this.data.length, this.length + more));
    grown.set(this.data.subarray(0, this.length));
    this.data = grown;
  }
}

/** One function while it is written. Methods append one instruction each and return the function, so that code reads in its order. */
export class Code {
  readonly bytes = new Bytes();
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly locals: ValueType[] = [];

  constructor(parameters: readonly ValueType[], results: readonly ValueType[]) {
    this.parameters = parameters;
    this.results = results;
  }

  local(type: ValueType): number {
    this.locals.push(type);
    return this.parameters.length + this.locals.length - 1;
  }

  op(instruction: number): this {
    this.bytes.byte(instruction);
    return this;
  }
  get(local: number): this {
    this.bytes.byte(0x20).unsigned(local);
    return this;
  }
  set(local: number): this {
    this.bytes.byte(0x21).unsigned(local);
    return this;
  }
  tee(local: number): this {
    this.bytes.byte(0x22).unsigned(local);
    return this;
  }
  globalGet(global: number): this {
    this.bytes.byte(0x23).unsigned(global);
    return this;
  }
  globalSet(global: number): this {
    this.bytes.byte(0x24).unsigned(global);
    return this;
  }
  i32(value: number): this {
    this.bytes.byte(0x41).signed(value);
    return this;
  }
  i64(value: bigint): this {
    this.bytes.byte(0x42).signed64(value);
    return this;
  }
  /** An integer constant of at most 2^53. */
  i64Number(value: number): this {
    if (value !== (value | 0)) return this.i64(BigInt(value));
    this.bytes.byte(0x42).signed(value);
    return this;
  }
  call(target: number): this {
    this.bytes.byte(0x10).unsigned(target);
    return this;
  }
  block(result: ValueType | null = null): this {
    return this.op(0x02).op(result ?? empty);
  }
  loop(): this {
    return this.op(0x03).op(empty);
  }
  if(result: ValueType | null = null): this {
    return this.op(0x04).op(result ?? empty);
  }
  else(): this {
    return this.op(0x05);
  }
  end(): this {
    return this.op(0x0b);
  }
  branch(depth: number): this {
    this.bytes.byte(0x0c).unsigned(depth);
    return this;
  }
  branchIf(depth: number): this {
    this.bytes.byte(0x0d).unsigned(depth);
    return this;
  }
  branchTable(depths: readonly number[], otherwise: number): this {
    this.bytes.byte(0x0e).unsigned(depths.length);
    for (const d of depths) this.bytes.unsigned(d);
    this.bytes.unsigned(otherwise);
    return this;
  }
  load(offset: number): this {
    return this.memory(0x28, offset);
  }
  load64(offset: number): this {
    return this.memory(0x29, offset);
  }
  load8(offset: number): this {
    return this.memory(0x2d, offset);
  }
  /** A 32-bit word as an unsigned 64-bit value. */
  loadWide(offset: number): this {
    return this.memory(0x35, offset);
  }
  store(offset: number): this {
    return this.memory(0x36, offset);
  }
  store64(offset: number): this {
    return this.memory(0x37, offset);
  }
  store8(offset: number): this {
    return this.memory(0x3a, offset);
  }
  load128(offset: number): this {
    return this.vector(0x00).unsignedPair(0, offset);
  }
  store128(offset: number): this {
    return this.vector(0x0b).unsignedPair(0, offset);
  }
  xor128(): this {
    return this.vector(0x51);
  }
  or128(): this {
    return this.vector(0x50);
  }
  anyTrue(): this {
    return this.vector(0x53);
  }
  /** memory.fill: address, value, length are on the stack. */
  fill(): this {
    this.bytes.byte(0xfc).unsigned(11).byte(0);
    return this;
  }

  /** Atomic accesses of 32-bit words at multiples of 4. */
  atomicLoad(offset: number): this {
    return this.atomic(0x10, offset);
  }
  atomicStore(offset: number): this {
    return this.atomic(0x17, offset);
  }
  /** Leaves what was there before. */
  atomicAdd(offset: number): this {
    return this.atomic(0x1e, offset);
  }
  /** Address, what is expected to be there and what to write are on the stack; leaves what was there. */
  atomicCompareExchange(offset: number): this {
    return this.atomic(0x48, offset);
  }
  /** Address and how many to wake are on the stack; leaves how many woke. */
  notify(offset: number): this {
    return this.atomic(0x00, offset);
  }
  /** Address, what is expected to be there and a timeout (i64 nanoseconds, -1: none) are on the stack; leaves how it ended. */
  waitAt(offset: number): this {
    return this.atomic(0x01, offset);
  }

  private atomic(instruction: number, offset: number): this {
    this.bytes.byte(0xfe).unsigned(instruction);
    return this.unsignedPair(2, offset);
  }
  private memory(instruction: number, offset: number): this {
    return this.op(instruction).unsignedPair(0, offset);
  }
  private unsignedPair(first: number, second: number): this {
    this.bytes.unsigned(first).unsigned(second);
    return this;
  }
  private vector(instruction: number): this {
    this.bytes.byte(0xfd).unsigned(instruction);
    return this;
  }
}

export interface ModuleParts {
  readonly functions: readonly Code[];
  /** Name to function index. */
  readonly exports: Readonly<Record<string, number>>;
  /** Mutable 32-bit globals, all exported under their names, 0 at first. */
  readonly globals: readonly string[];
  readonly memory: { readonly minimumPages: number; readonly maximumPages: number; readonly shared: boolean };
}

/** The module's bytes; it imports its memory as `engine.memory`. */
export function assemble(parts: ModuleParts): Uint8Array {
  // Each function with its size and its locals, and the rest.
  const room = parts.functions.reduce((n, f) => n + f.bytes.length + 2 * f.locals.length + 16, 4096);
  const out = new Bytes(room);
  for (const b of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) out.byte(b);
  const section = (id: number, fill: (content: Bytes) => void): void => {
    const content = new Bytes(id === 10 ? room : 256);
    fill(content);
    out.byte(id).unsigned(content.length).append(content);
  };
  const types: string[] = [];
  const signatures: Code[] = [];
  const typeOf = parts.functions.map((f) => {
    const key = `${f.parameters.join()}:${f.results.join()}`;
    const known = types.indexOf(key);
    if (known >= 0) return known;
    signatures.push(f);
    return types.push(key) - 1;
  });
  section(1, (s) => {
    s.unsigned(signatures.length);
    for (const f of signatures) {
      s.byte(0x60).unsigned(f.parameters.length);
      for (const t of f.parameters) s.byte(t);
      s.unsigned(f.results.length);
      for (const t of f.results) s.byte(t);
    }
  });
  section(2, (s) => {
    s.unsigned(1).text('engine').text('memory').byte(2);
    s.byte(parts.memory.shared ? 3 : 1)
      .unsigned(parts.memory.minimumPages)
      .unsigned(parts.memory.maximumPages);
  });
  section(3, (s) => {
    s.unsigned(typeOf.length);
    for (const t of typeOf) s.unsigned(t);
  });
  section(6, (s) => {
    s.unsigned(parts.globals.length);
    for (let i = 0; i < parts.globals.length; i++) s.byte(I32).byte(1).byte(0x41).signed(0).byte(0x0b);
  });
  section(7, (s) => {
    const names = Object.keys(parts.exports);
    s.unsigned(names.length + parts.globals.length);
    for (const name of names) s.text(name).byte(0).unsigned(parts.exports[name]);
    parts.globals.forEach((name, index) => s.text(name).byte(3).unsigned(index));
  });
  section(10, (s) => writeBodies(s, parts.functions));
  return out.data.slice(0, out.length);
}

function writeBodies(into: Bytes, functions: readonly Code[]): void {
  into.unsigned(functions.length);
  for (const f of functions) {
    const locals = new Bytes(2 * f.locals.length + 8);
    locals.unsigned(f.locals.length);
    for (const t of f.locals) locals.unsigned(1).byte(t);
    into
      .unsigned(locals.length + f.bytes.length + 1)
      .append(locals)
      .append(f.bytes)
      .byte(0x0b);
  }
}
