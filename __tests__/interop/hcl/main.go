// Checks Terraform files from standard input: HashiCorp's own parser, and its formatter, which must change nothing.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

func main() {
	source, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_, faults := hclsyntax.ParseConfig(source, "main.tf", hcl.InitialPos)
	if faults.HasErrors() {
		fmt.Println(faults.Error())
		os.Exit(1)
	}
	if formatted := hclwrite.Format(source); !bytes.Equal(formatted, source) {
		os.Stdout.Write(formatted)
		os.Exit(2)
	}
}
