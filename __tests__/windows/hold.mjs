// Runs under Wine: opens a file, as an editor or a virus scanner does, until another file is removed.
import fs from 'node:fs';

const [, , file, until] = process.argv;
const descriptor = fs.openSync(file, 'r');
fs.writeFileSync(until, 'open');
const timer = setInterval(() => {
  if (fs.existsSync(until)) return;
  clearInterval(timer);
  fs.closeSync(descriptor);
}, 50);
