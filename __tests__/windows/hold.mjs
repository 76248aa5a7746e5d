// Runs under Wine: opens a file, as an editor or a virus scanner does, until another file is removed.
import fs from 'node:fs';

const [, , file, until, sharing] = process.argv;
const EXCLUSIVE = 0x1000_0000; // UV_FS_O_EXLOCK
const descriptor = fs.openSync(file, fs.constants.O_RDWR | (sharing === 'alone' ? EXCLUSIVE : 0));
fs.writeFileSync(until, 'open');
const timer = setInterval(() => {
  if (fs.existsSync(until)) return;
  clearInterval(timer);
  fs.closeSync(descriptor);
}, 50);
