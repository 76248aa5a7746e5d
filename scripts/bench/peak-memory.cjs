// Preloaded into a measured process: writes its peak resident memory, in kB, to PEAK_MEMORY_FILE.
const { writeFileSync } = require('node:fs');

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY_FILE, String(process.resourceUsage().maxRSS)));
