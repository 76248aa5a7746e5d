// Later steps with Oracle's Go SDK: interop <provider> <task> [file].
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/objectstorage"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("interop <provider> <task> [file]")
	}
	build, known := providers[args[0]]
	if !known {
		return fmt.Errorf("no provider %s", args[0])
	}
	provider, err := build()
	if err != nil {
		return err
	}
	client, err := objectstorage.NewObjectStorageClientWithConfigurationProvider(provider)
	if err != nil {
		return err
	}
	client.Host = os.Getenv("OCI_EMULATOR_ENDPOINT")
	switch args[1] {
	case "objects":
		return objects(context.Background(), client, provider)
	case "long-lived":
		return longLived(context.Background(), client, args[2])
	default:
		return fmt.Errorf("no task %s", args[1])
	}
}

func objects(ctx context.Context, client objectstorage.ObjectStorageClient, provider common.ConfigurationProvider) error {
	region, err := provider.Region()
	if err != nil {
		return err
	}
	tenancy, err := provider.TenancyOCID()
	if err != nil {
		return err
	}
	fmt.Println(region)
	return useObjects(ctx, client, tenancy)
}
