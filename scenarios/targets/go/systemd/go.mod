module zerodrop.example/go/systemd

go 1.23

require (
	github.com/coreos/go-systemd/v22 v22.7.0
	zerodrop.example/go v0.0.0
)

replace zerodrop.example/go => ../
