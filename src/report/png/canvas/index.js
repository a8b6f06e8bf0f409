// chartjs-node-canvas requires `canvas`, whose install step compiles or downloads; this answers with the prebuilt one.
module.exports = require('@napi-rs/canvas/node-canvas');
