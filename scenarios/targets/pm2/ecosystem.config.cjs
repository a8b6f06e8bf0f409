/**
 * Two workers behind pm2's own cluster primary, reloaded one after another: the next one goes when its successor has
 * said that it is ready.
 */
const { PORT, SHUTDOWN } = process.env;

module.exports = {
  apps: [
    {
      name: 'app',
      script: './server.mjs',
      exec_mode: 'cluster',
      instances: 2,
      wait_ready: true,
      listen_timeout: 10_000,
      kill_timeout: 1500,
      out_file: '/dev/null',
      error_file: '/dev/null',
      env: { PORT, SHUTDOWN },
    },
  ],
};
