// Go, one processor: a goroutine a connection.
package main

import (
	"fmt"
	"net"
	"runtime"
)

func echo(connection net.Conn) {
	data := make([]byte, 4096)
	for {
		n, err := connection.Read(data)
		if err != nil {
			connection.Close()
			return
		}
		connection.Write(data[:n])
	}
}

func main() {
	runtime.GOMAXPROCS(1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("port %d\n", listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		go echo(connection)
	}
}
