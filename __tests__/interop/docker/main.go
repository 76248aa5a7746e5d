// The docker command with what needs no engine: login, logout and manifest. The whole command has a dependency that Go's proxy
// does not have.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/docker/cli/cli/command"
	"github.com/docker/cli/cli/command/manifest"
	"github.com/docker/cli/cli/command/registry"
	"github.com/docker/cli/cli/flags"
	"github.com/spf13/cobra"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	docker, err := command.NewDockerCli(command.WithBaseContext(context.Background()))
	if err != nil {
		return err
	}
	root := &cobra.Command{Use: "docker", SilenceUsage: true, SilenceErrors: true}
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		return docker.Initialize(flags.NewClientOptions())
	}
	root.AddCommand(registry.NewLoginCommand(docker), registry.NewLogoutCommand(docker))
	root.AddCommand(manifest.NewManifestCommand(docker))
	return root.Execute()
}
