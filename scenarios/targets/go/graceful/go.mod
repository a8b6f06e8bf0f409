module zerodrop.example/go/graceful

go 1.23

require (
	github.com/tylerb/graceful v1.2.15
	zerodrop.example/go v0.0.0
)

replace zerodrop.example/go => ../
