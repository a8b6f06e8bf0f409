// A successor fetches the listening socket from its predecessor over a Unix socket (SCM_RIGHTS), and confirms when it serves; only
// then does the predecessor stop accepting, drain and leave. Both find each other by TAKEOVER_SOCKET.
//
// EARLY=1 is the mistake of leaving as soon as the socket has been sent. BROKEN=1: every successor fails. SLOW=1: it needs 2.5 s.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"zerodrop.example/go/app"
	"zerodrop.example/go/drain"
)

var path = os.Getenv("TAKEOVER_SOCKET")

func main() {
	socket, predecessor, err := fetch()
	if err != nil {
		log.Fatal(err)
	}
	if predecessor == nil {
		socket = app.Listener()
	} else if os.Getenv("BROKEN") == "1" {
		log.Fatal("the new version cannot start: its configuration is wrong")
	} else if os.Getenv("SLOW") == "1" {
		time.Sleep(2500 * time.Millisecond) // Filling its caches.
	}
	server := drain.New(socket, app.Handler())
	go server.Serve()

	succeeded := make(chan struct{})
	go func() {
		offer(socket.(*net.TCPListener))
		close(succeeded)
	}()
	if predecessor != nil {
		fmt.Fprint(predecessor, "ready")
		predecessor.Close()
	}

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	select {
	case <-stop:
	case <-succeeded:
	}
	if err := server.Drain(600*time.Millisecond, 8*time.Second); err != nil {
		log.Fatal(err)
	}
}

// fetch asks for the listening socket; without a predecessor there is none.
func fetch() (net.Listener, *net.UnixConn, error) {
	predecessor, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path})
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	rights := make([]byte, syscall.CmsgSpace(4))
	_, length, _, _, err := predecessor.ReadMsgUnix(make([]byte, 1), rights)
	if err != nil {
		return nil, nil, err
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:length])
	if err != nil {
		return nil, nil, err
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil {
		return nil, nil, err
	}
	return app.FromFile(uintptr(fds[0])), predecessor, nil
}

// offer gives the socket to whoever asks for it, and returns when one of them has confirmed that it serves.
func offer(socket *net.TCPListener) {
	os.Remove(path) // The predecessor's.
	door, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
	if err != nil {
		log.Fatal(err)
	}
	door.SetUnlinkOnClose(false) // By then the path is the successor's.
	defer door.Close()
	for {
		successor, err := door.AcceptUnix()
		if err != nil {
			log.Fatal(err)
		}
		if err := give(socket, successor); err == nil {
			return
		}
		log.Print("the successor did not confirm; this process goes on serving")
	}
}

func give(socket *net.TCPListener, successor *net.UnixConn) error {
	defer successor.Close()
	file, err := socket.File()
	if err != nil {
		return err
	}
	defer file.Close()
	if _, _, err := successor.WriteMsgUnix([]byte{0}, syscall.UnixRights(int(file.Fd())), nil); err != nil {
		return err
	}
	if os.Getenv("EARLY") == "1" {
		return nil
	}
	successor.SetReadDeadline(time.Now().Add(5 * time.Second))
	_, err = io.ReadFull(successor, make([]byte, len("ready")))
	return err
}
