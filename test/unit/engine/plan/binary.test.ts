import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinaryReader, BinaryWriter } from '../../../../src/engine/plan/binary.ts';

type Value =
  readonly ['u8' | 'u16' | 'u32' | 'f64', number] | readonly ['u64', bigint] | readonly ['text', string];

function write(writer: BinaryWriter, [type, value]: Value): void {
  if (type === 'u64') writer.u64(value);
  else if (type === 'text') writer.text(value);
  else writer[type](value);
}

function upTo(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max });
}

const latin1 = fc
  .array(upTo(255), { maxLength: 700 })
  .map((bytes) => bytes.map((byte) => String.fromCharCode(byte)).join(''));

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.tuple(fc.constant('u8' as const), upTo(0xff)),
  fc.tuple(fc.constant('u16' as const), upTo(0xffff)),
  fc.tuple(fc.constant('u32' as const), upTo(0xffffffff)),
  fc.tuple(fc.constant('f64' as const), fc.double()),
  fc.tuple(fc.constant('u64' as const), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  fc.tuple(fc.constant('text' as const), latin1),
);

describe('BinaryWriter and BinaryReader', () => {
  it('return what was written, in order, and detect the end', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 60 }), (values) => {
        const writer = new BinaryWriter();
        for (const value of values) write(writer, value);
        expect(writer.bytes()).toHaveLength(writer.length);
        const reader = new BinaryReader(writer.bytes());
        for (const [type, value] of values) {
          expect(reader.isAtEnd).toBe(false);
          expect(reader[type]()).toBe(value);
        }
        expect(reader.isAtEnd).toBe(true);
      }),
    );
  });

  it.each<[Value, number]>([
    [['u8', 0xab], 1],
    [['u16', 0xabcd], 2],
    [['u32', 0xabcdef01], 4],
    [['f64', -1.5e300], 8],
    [['u64', 2n ** 64n - 1n], 8],
    [['text', '\xff\0'], 6],
  ])('grow the buffer under %o at every boundary', ([type, value], sizeBytes) => {
    for (let before = 2048 - sizeBytes - 1; before <= 2049; before++) {
      const writer = new BinaryWriter();
      for (let i = 0; i < before; i++) writer.u8(i & 0xff);
      write(writer, [type, value] as Value);
      writer.u8(0x5a);
      const reader = new BinaryReader(writer.bytes());
      const bytes = Array.from({ length: before }, () => reader.u8());
      expect(bytes).toEqual(bytes.map((_, i) => i & 0xff));
      expect(reader[type]()).toBe(value);
      expect(reader.u8()).toBe(0x5a);
    }
  });

  it('accept a text longer than twice the buffer', () => {
    const writer = new BinaryWriter();
    const long = '\xe9'.repeat(1_000_000);
    writer.u8(1);
    writer.text(long);
    const reader = new BinaryReader(writer.bytes());
    expect([reader.u8(), reader.text() === long, reader.isAtEnd]).toEqual([1, true, true]);
  });

  it('write little-endian numbers, and one byte per character', () => {
    const writer = new BinaryWriter();
    writer.u16(0x0102);
    writer.u32(0x03040506);
    writer.u64(0x0708090a0b0c0d0en);
    writer.text('\xff/');
    writer.f64(-2);
    const [u16, u32, u64] = ['0201', '06050403', '0e0d0c0b0a090807'];
    const [text, f64] = ['02000000ff2f', '00000000000000c0'];
    expect(writer.bytes().toString('hex')).toBe([u16, u32, u64, text, f64].join(''));
  });

  it('start again after clear', () => {
    const writer = new BinaryWriter();
    writer.text('x'.repeat(5000));
    writer.clear();
    expect(writer.length).toBe(0);
    writer.u8(7);
    expect([...writer.bytes()]).toEqual([7]);
  });

  it('refuse to read past the end', () => {
    const reader = new BinaryReader(Buffer.from([1, 2, 3]));
    expect(reader.u16()).toBe(0x0201);
    expect(() => reader.u16()).toThrow(RangeError);
  });
});
