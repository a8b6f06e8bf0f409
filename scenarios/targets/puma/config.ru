# A Rack application: / answers at once, /slow after ?ms=300. It takes a second to load, as applications do.
sleep 1
run(lambda do |env|
  sleep((env["QUERY_STRING"][/ms=(\d+)/, 1] || 300).to_i / 1000.0) if env["PATH_INFO"] == "/slow"
  [200, { "content-type" => "text/plain", "x-instance" => Process.pid.to_s }, ["hello\n"]]
end)
