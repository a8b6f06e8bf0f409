# Two worker processes. A phased restart (SIGUSR1) replaces them one by one, a restart (SIGUSR2) executes everything again.
bind "tcp://127.0.0.1:#{ENV.fetch('PORT')}"
environment "production"
workers 2
threads 8, 8
# A phased restart needs workers that load the application themselves.
preload_app! false
persistent_timeout 30
log_requests false
