module zerodrop.example/go

go 1.21
