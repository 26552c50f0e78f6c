// Random sound programs, laid out at random, for the properties of parser and printer. One list of numbers decides everything, so
// that fast-check shrinks a program by shrinking the list.
import fc from 'fast-check';

export const programs: fc.Arbitrary<string> = fc.array(fc.nat(1000), { minLength: 1, maxLength: 400, size: 'max' }).map((choices) => new Writer(choices).file());

const NAMES = ['a', 'dev', 'ops', 'loop', 'x3', 'module', 'in', 'timeout', 'or', 'no', '_b1'];
const VALUES = ['0', '1_000', '0x9400', '2s', '10ms', '"s"', '"{ // \\" }"', 'true', 'null'];
const LOOSE = ['||', '&&', '+', '-', '*', '%', '<<'];
const STRICT = ['==', '!=', '<', '>=', '&', '|', '^'];

class Writer {
  private out = '';
  private readonly choices: readonly number[];
  private at = 0;
  private depth = 0;

  constructor(choices: readonly number[]) {
    this.choices = choices;
  }

  file(): string {
    if (this.one(3) === 0) this.put('scenario', ' ', this.name(), ' ', '"title"', this.end());
    while (this.at < this.choices.length) this.declaration(false);
    return this.out;
  }

  /** The next decision, below `n`; always 0 once the list is used up, so that everything comes to an end. */
  private one(n: number): number {
    return this.at < this.choices.length ? this.choices[this.at++] % n : 0;
  }

  private of<T>(list: readonly T[]): T {
    return list[this.one(list.length)];
  }

  private put(...parts: string[]): void {
    for (const part of parts) this.out += part;
  }

  private name(): string {
    return this.of(NAMES);
  }

  /** Between two tokens of one line. */
  private gap(least = ''): string {
    return this.of([least, ' ', ' ', '  ', '\t', ' /* c */ ']);
  }

  /** Between two tokens inside parentheses, or behind an operator. */
  private wide(): string {
    return this.of([' ', ' ', '', '\n', ' // c\n  ', '\n\n\n']);
  }

  /** Behind a statement. */
  private end(): string {
    return this.of(['\n', '\n', ';\n', '\n\n\n', ' // c\n', '  /* c */\n', ' ; \n// own\n', '\n/* two\n * lines */\n', '\r\n']);
  }

  private item(): string {
    return this.of([';', '\n', ' ; ', '\n\n', ' // c\n']);
  }

  private declaration(inModule: boolean): void {
    if (this.one(4) === 0) this.put('/// doc\n');
    this.put(this.of(['', '  ', '\t']));
    const kind = this.one(inModule ? 8 : 19);
    switch (kind) {
      case 0: this.put(this.name(), this.gap(), ':', this.gap()); this.type(); break;
      case 1: this.put('struct ', this.name(), this.gap()); this.fields(); break;
      case 2: this.put(this.of(['ops ', 'driver ']), this.name(), this.gap(), ':', this.gap(), this.name(), this.gap()); this.entries(); break;
      case 3: this.put('fn ', this.name()); this.signature(); this.block(true); break;
      case 4: this.put('enum ', this.name(), ' {', this.wide(), 'a', this.of([', ', ',\n', '\n']), 'b', this.wide(), '}'); break;
      case 5: this.put('const N', this.gap(), '=', this.gap()); this.expression(); break;
      case 6: this.selection(() => this.declaration(inModule)); break;
      case 7: this.put('let ', this.name(), this.gap(), '=', this.gap()); this.expression(); break;
      case 8: this.put('module ', this.name(), ' ', this.of(['', 'unloaded '])); this.body(() => this.declaration(true)); break;
      case 9: this.put('use', ' ', 'pci', this.gap(), ',', this.wide(), '"./b.lifeline"'); break;
      case 10: this.put('cite', ' ', '<a//b"{@c>'); break;
      case 11: this.claim(); break;
      case 12: this.expectation(); break;
      case 13: this.put('param f in', ' ', this.of(['{a,b}', '{ a , b }', 'bool', '1 .. 3', '{a,\n\n b\n}'])); break;
      case 14: this.put('device d', this.gap(), ':', this.gap(), 'pci_dev binds a.b', this.gap(), ',', this.wide(), 'c.d', this.of(['', ' unbound'])); break;
      case 15: this.put(this.of(['process app', 'process app x3', 'hardware']), this.gap()); this.block(false); break;
      case 16: this.put('interleaving "t"', this.gap(), '{', this.of(['\n CPU0  { " }\n', ' ', '\n\n\n  // a\n']), '}'); break;
      case 18: this.put(this.of(['ptimer of d', 'time']), this.gap(), '{', this.wide(), 'grain', this.gap(), '=', this.gap()); this.expression(); this.put(this.of(['', '', ' .. 2us', '..b + 1 each', ' each']), this.of([', ', '; ', '\n']), 'a = b', this.wide(), '}'); break;
      case 17: this.put('guard a', this.gap(), ',', this.wide(), 'b'); break;
    }
    this.put(this.end());
  }

  private body(item: () => void): void {
    this.put('{', this.wide());
    this.depth++;
    for (let n = this.one(3); n > 0 && this.depth < 6; n--) item();
    this.depth--;
    this.put('}');
  }

  private selection(item: () => void): void {
    this.put('if ');
    this.expression();
    this.put(this.gap());
    this.body(item);
    if (this.one(2) === 0) return;
    this.put(this.gap(), 'else', this.gap());
    this.body(item);
  }

  private fields(): void {
    this.body(() => {
      this.put(this.name(), this.gap(), ':', this.gap());
      this.type();
      this.put(this.item());
    });
  }

  private entries(): void {
    this.body(() => {
      switch (this.one(3)) {
        case 0: this.put('owner', this.gap(), '=', this.gap()); this.expression(); break;
        case 1: this.put(this.of(['free', 'in', 'ioctl'])); this.signature(); this.block(true); break;
        case 2: this.selection(() => this.put('owner = a', this.item())); break;
      }
      this.put(this.item());
    });
  }

  private signature(): void {
    this.put('(', this.of(['', 'a', 'a , b : ref T', 'a,\n b']), ')', this.gap());
    if (this.one(2) === 1) this.put('->', this.gap(), 'int', this.gap());
  }

  private type(): void {
    this.put(this.of(['int', 'a.b', 'ref  T', 'list ref T', 'fn( ref file ,int )->int', '0 .. 7', '-1..N', 'fn()']));
  }

  private claim(): void {
    this.put('claim "c"', this.gap(), '{\n');
    for (let n = this.one(4); n > 0; n--) {
      switch (this.one(3)) {
        case 0: this.put('> it\'s { "raw /* \n'); break;
        case 1: this.put('cite <a@b>', this.end()); break;
        case 2: this.expectation(); this.put(this.end()); break;
      }
    }
    this.put('}');
  }

  private expectation(): void {
    this.put('expect ', this.of(['', 'no  ']), this.of(['leak', 'use-after-free']), this.of(['', ' in a.b', '  of T', ' by  app']));
    if (this.one(2) === 0) return;
    this.put(' when ');
    this.expression();
  }

  private block(withUndo: boolean): void {
    this.put('{', this.wide());
    this.depth++;
    for (let n = this.one(4); n > 0 && this.depth < 6; n--) {
      this.statement();
      this.put(this.end());
    }
    if (withUndo && this.depth === 1 && this.one(3) === 1) this.put('undo a', this.gap(), ':', this.of([' ', '\n']), 'b()\n');
    this.depth--;
    this.put('}');
  }

  private statement(): void {
    switch (this.one(17)) {
      case 0: this.expression(); break;
      case 1: this.put('a.free', this.gap(), this.of(['=', '+=', '|=']), this.gap()); this.expression(); break;
      case 2: this.put('let ', this.name(), this.of(['', ': u8']), this.gap(), '=', this.gap()); this.expression(); break;
      case 3: this.put('if '); this.expression(); this.put(this.gap()); this.block(false); if (this.one(2) === 1) { this.put(this.gap(), 'else', this.gap()); this.block(false); } break;
      case 4: this.put('while ('); this.expression(); this.put(')', this.gap()); this.block(false); break;
      case 5: this.put(this.of(['loop', 'atomic', 'fork', 'thread t']), this.gap()); this.block(false); break;
      case 6: this.put('for x in '); this.expression(); this.put(this.gap()); this.block(false); break;
      case 7: this.put('with a', this.gap(), '(', this.wide(), 'b', this.wide(), ')', this.of(['', '?', ' ?']), this.gap()); this.block(false); break;
      case 8: this.put('wait until '); this.operand(); this.put(this.of(['', ' killable', ' interruptible timeout 2s']), this.of(['', '?', ' ? goto a'])); break;
      case 9: this.put('either', this.gap()); this.block(false); this.put(this.gap(), 'or', this.gap()); this.block(false); break;
      case 10: this.put('assert '); this.expression(); this.put(this.of(['', ' , "why"'])); break;
      case 11: this.put('here', this.gap(), ':'); break;
      case 12: this.put(this.of(['free t', 'free(t)', 'break', 'continue'])); break;
      case 13: this.put('return'); break;
      case 14: this.put('return '); this.expression(); break;
      case 15: this.put('f()?', this.gap(), 'goto a'); break;
      case 16: this.put('a', this.gap(), '.', this.gap(), 'b', this.gap(), '(', this.gap(), ')'); break;
    }
  }

  private expression(): void {
    this.depth++;
    if (this.depth > 6 || this.one(3) === 0) this.operand();
    else if (this.one(2) === 0) {
      this.operand();
      this.put(this.gap(' '), this.of(LOOSE), ' ', this.wide());
      this.operand();
    } else {
      this.put('(');
      this.expression();
      this.put(')', this.gap(), this.of(STRICT), ' ', this.wide());
      this.operand();
    }
    this.depth--;
  }

  private operand(): void {
    switch (this.one(8)) {
      case 0: this.put(this.name()); break;
      case 1: this.put(this.of(VALUES)); break;
      case 2: this.put(this.of(['-', '!', '~', '- ', '- -']), this.of(['a', '1', '(b)'])); break;
      case 3: this.put(this.name(), '.', this.name()); break;
      case 4: this.put('f', this.gap(), '(', this.wide()); this.depth++; if (this.depth < 6) this.expression(); else this.put('a'); this.depth--; this.put(this.wide(), ',', this.wide(), 'b', this.wide(), ')'); break;
      case 5: this.put('new', this.gap(' '), 'T'); break;
      case 6: this.put('(a as ref T)', this.gap(), '.b'); break;
      case 7: this.put('(f()?)'); break;
    }
  }
}
