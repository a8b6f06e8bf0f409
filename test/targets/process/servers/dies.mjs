// Dies at start and says why.
console.error('cannot read config.json');
process.exit(3);
