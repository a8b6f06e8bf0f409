package main

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// redis counts in a Redis server. One command needs no library: a connection, one line out (RESP), one line back.
type redis struct{ address string }

func (s *redis) add(session string) (int, error) {
	connection, err := net.DialTimeout("tcp", s.address, time.Second)
	if err != nil {
		return 0, err
	}
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(time.Second))
	key := "visits:" + session
	if _, err := fmt.Fprintf(connection, "*2\r\n$4\r\nINCR\r\n$%d\r\n%s\r\n", len(key), key); err != nil {
		return 0, err
	}
	answer, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return 0, err
	}
	number, isNumber := strings.CutPrefix(strings.TrimSpace(answer), ":")
	if !isNumber {
		return 0, fmt.Errorf("redis: %s", answer)
	}
	return strconv.Atoi(number)
}
