// A library for Wine 8, which lacks bcryptprimitives.dll. Programs in Go and native add-ons need one function of it.

const SECTION = 0x1000;
const FILE_ALIGNMENT = 0x200;

/**
 * A DLL without code: `ProcessPrng` is forwarded to the older function with the same parameters.
 * @see PE Format (Microsoft): "The .edata Section", "Optional Header"
 */
export function bcryptPrimitives(): Uint8Array {
  const image = Buffer.alloc(2 * FILE_ALIGNMENT);
  const exports = exportSection('bcryptprimitives.dll', 'ProcessPrng', 'advapi32.SystemFunction036');
  exports.copy(image, FILE_ALIGNMENT);
  image.write('MZ');
  image.writeUInt32LE(0x40, 0x3c);
  image.write('PE\0\0', 0x40);
  // COFF header: x64, one section, an optional header of 240 bytes, an executable DLL.
  for (const [at, value] of [
    [0, 0x8664],
    [2, 1],
    [16, 0xf0],
    [18, 0x2022],
  ] as const)
    image.writeUInt16LE(value, 0x44 + at);
  const optional = 0x58;
  const small = [
    [0, 0x20b],
    [40, 6],
    [48, 6],
    [68, 3],
    [70, 0x100],
  ] as const;
  for (const [at, value] of small) image.writeUInt16LE(value, optional + at);
  image.writeBigUInt64LE(0x1_8000_0000n, optional + 24);
  const large = [
    [32, SECTION],
    [36, FILE_ALIGNMENT],
    [56, 2 * SECTION],
    [60, FILE_ALIGNMENT],
    [108, 16],
    [112, SECTION],
    [116, exports.length],
  ] as const;
  for (const [at, value] of large) image.writeUInt32LE(value, optional + at);
  const header = optional + 0xf0;
  image.write('.edata', header);
  const section = [
    [8, exports.length],
    [12, SECTION],
    [16, FILE_ALIGNMENT],
    [20, FILE_ALIGNMENT],
    [36, 0x4000_0040],
  ] as const;
  for (const [at, value] of section) image.writeUInt32LE(value, header + at);
  return image;
}

/** One name, forwarded: its address is that of a text in this section. */
function exportSection(library: string, name: string, forwardedTo: string): Buffer {
  const [functions, names, ordinals, texts] = [40, 44, 48, 50];
  const content = Buffer.from([library, name, forwardedTo].map((text) => `${text}\0`).join(''), 'latin1');
  const section = Buffer.concat([Buffer.alloc(texts), content]);
  const addressOf = (text: string) => SECTION + texts + content.indexOf(`${text}\0`);
  const directory = [
    [12, addressOf(library)],
    [16, 1],
    [20, 1],
    [24, 1],
    [28, SECTION + functions],
    [32, SECTION + names],
    [36, SECTION + ordinals],
  ] as const;
  for (const [at, value] of directory) section.writeUInt32LE(value, at);
  section.writeUInt32LE(addressOf(forwardedTo), functions);
  section.writeUInt32LE(addressOf(name), names);
  return section;
}
