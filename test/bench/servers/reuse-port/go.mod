module zerodrop/bench/reuse-port

go 1.19
