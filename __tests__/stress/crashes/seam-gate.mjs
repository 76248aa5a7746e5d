// Lets a stage through to the seam. A process that a stage leaves behind takes its options over, but not its plan: that
// one is to live.
if (process.env['SEAM_PLAN'] !== undefined) await import('./seam.mjs');
