module zerodrop.example/go/tableflip

go 1.23

require (
	github.com/cloudflare/tableflip v1.2.3
	zerodrop.example/go v0.0.0
)

replace zerodrop.example/go => ../
