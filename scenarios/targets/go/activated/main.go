// A socket-activated service (sd_listen_fds(3)) that upgrades itself on SIGUSR2. Its successor inherits two sockets: that of the admin
// page as descriptor 3, the public one as descriptor 4. It also inherits the environment, with a LISTEN_FDS that was meant for its
// predecessor: only LISTEN_PID tells. CHECK_PID=0 is the mistake of not asking it: descriptor 3 then is taken for the public socket.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

func main() {
	public, admin := sockets()
	go http.Serve(admin, http.NotFoundHandler())
	server := drain.New(public, app.Handler())
	go server.Serve()
	if isSuccessor() {
		ready := os.NewFile(5, "ready")
		ready.WriteString("ready")
		ready.Close()
	}

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR2, syscall.SIGTERM)
	for received := range signals {
		if received == syscall.SIGUSR2 {
			if err := upgrade(admin, public); err != nil {
				log.Print(err)
				continue
			}
		}
		break
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

func isSuccessor() bool { return os.Getenv("SUCCESSOR") == "1" }

func sockets() (public, admin net.Listener) {
	activated := os.Getenv("LISTEN_FDS") == "1"
	if os.Getenv("CHECK_PID") != "0" {
		activated = activated && os.Getenv("LISTEN_PID") == strconv.Itoa(os.Getpid())
	}
	if activated {
		return app.FromFile(3), newAdmin()
	}
	if isSuccessor() {
		return app.FromFile(4), app.FromFile(3)
	}
	return app.Listener(), newAdmin()
}

func newAdmin() net.Listener {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	return listener
}

func upgrade(listeners ...net.Listener) error {
	ready, tell, err := os.Pipe()
	if err != nil {
		return err
	}
	defer ready.Close()
	successor := exec.Command(os.Args[0])
	successor.Stdout, successor.Stderr = os.Stdout, os.Stderr
	successor.Env = append(os.Environ(), "SUCCESSOR=1")
	for _, listener := range listeners {
		file, err := listener.(*net.TCPListener).File()
		if err != nil {
			return err
		}
		defer file.Close()
		successor.ExtraFiles = append(successor.ExtraFiles, file)
	}
	successor.ExtraFiles = append(successor.ExtraFiles, tell)
	err = successor.Start()
	tell.Close()
	if err != nil {
		return err
	}
	go successor.Wait()
	_, err = io.ReadFull(ready, make([]byte, len("ready")))
	return err
}
