// Preloaded into a measured process: leaves its peak resident memory, in kB, in the file that it is told.
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
