// Requests to Object Storage.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/oracle/oci-go-sdk/v65/common"
	"github.com/oracle/oci-go-sdk/v65/objectstorage"
)

const (
	bucketName = "made-here"
	objectName = "a/five"
	fiveMB     = 5_000_000
	pause      = 100 * time.Millisecond
)

type calls struct {
	ctx       context.Context
	client    objectstorage.ObjectStorageClient
	namespace *string
}

func useObjects(ctx context.Context, client objectstorage.ObjectStorageClient, compartment string) error {
	namespace, err := client.GetNamespace(ctx, objectstorage.GetNamespaceRequest{})
	if err != nil {
		return err
	}
	c := calls{ctx, client, namespace.Value}
	if err := c.makeBucket(compartment); err != nil {
		return err
	}
	if err := c.uploadAndDownload(); err != nil {
		return err
	}
	return c.removeAll()
}

func (c calls) makeBucket(compartment string) error {
	details := objectstorage.CreateBucketDetails{Name: common.String(bucketName), CompartmentId: &compartment}
	made := objectstorage.CreateBucketRequest{NamespaceName: c.namespace, CreateBucketDetails: details}
	if _, err := c.client.CreateBucket(c.ctx, made); err != nil {
		return err
	}
	listed, err := c.client.ListBuckets(c.ctx, objectstorage.ListBucketsRequest{NamespaceName: c.namespace, CompartmentId: &compartment})
	if err != nil {
		return err
	}
	if len(listed.Items) != 1 || *listed.Items[0].Name != bucketName {
		return fmt.Errorf("buckets: %v", listed.Items)
	}
	return c.changeBucket()
}

// changeBucket does what Terraform's provider does with a bucket.
func (c calls) changeBucket() error {
	bucket := common.String(bucketName)
	tags := map[string]string{"made": "here"}
	update := objectstorage.UpdateBucketRequest{
		NamespaceName: c.namespace, BucketName: bucket,
		UpdateBucketDetails: objectstorage.UpdateBucketDetails{FreeformTags: tags},
	}
	if _, err := c.client.UpdateBucket(c.ctx, update); err != nil {
		return err
	}
	got, err := c.client.GetBucket(c.ctx, objectstorage.GetBucketRequest{NamespaceName: c.namespace, BucketName: bucket})
	if err != nil {
		return err
	}
	if got.Id == nil || got.FreeformTags["made"] != "here" {
		return fmt.Errorf("bucket: %v", got.Bucket)
	}
	rules := objectstorage.ListRetentionRulesRequest{NamespaceName: c.namespace, BucketName: bucket}
	if _, err := c.client.ListRetentionRules(c.ctx, rules); err != nil {
		return err
	}
	versions := objectstorage.ListObjectVersionsRequest{NamespaceName: c.namespace, BucketName: bucket}
	_, err = c.client.ListObjectVersions(c.ctx, versions)
	return err
}

func (c calls) uploadAndDownload() error {
	content := make([]byte, fiveMB)
	if _, err := rand.Read(content); err != nil {
		return err
	}
	put := objectstorage.PutObjectRequest{
		NamespaceName: c.namespace,
		BucketName:    common.String(bucketName),
		ObjectName:    common.String(objectName),
		ContentLength: common.Int64(fiveMB),
		PutObjectBody: io.NopCloser(bytes.NewReader(content)),
	}
	if _, err := c.client.PutObject(c.ctx, put); err != nil {
		return err
	}
	got, err := c.client.GetObject(c.ctx, objectstorage.GetObjectRequest{
		NamespaceName: c.namespace, BucketName: put.BucketName, ObjectName: put.ObjectName,
	})
	if err != nil {
		return err
	}
	defer got.Content.Close()
	back, err := io.ReadAll(got.Content)
	if err != nil {
		return err
	}
	if !bytes.Equal(back, content) {
		return errors.New("the downloaded object differs")
	}
	return nil
}

func (c calls) removeAll() error {
	bucket := common.String(bucketName)
	listed, err := c.client.ListObjects(c.ctx, objectstorage.ListObjectsRequest{NamespaceName: c.namespace, BucketName: bucket})
	if err != nil {
		return err
	}
	for _, object := range listed.Objects {
		removal := objectstorage.DeleteObjectRequest{NamespaceName: c.namespace, BucketName: bucket, ObjectName: object.Name}
		if _, err := c.client.DeleteObject(c.ctx, removal); err != nil {
			return err
		}
	}
	_, err = c.client.DeleteBucket(c.ctx, objectstorage.DeleteBucketRequest{NamespaceName: c.namespace, BucketName: bucket})
	return err
}

// longLived calls with one client until the file exists, and once more. It prints the status of each call.
func longLived(ctx context.Context, client objectstorage.ObjectStorageClient, file string) error {
	for ended := false; !ended; time.Sleep(pause) {
		_, err := os.Stat(file)
		ended = err == nil
		response, err := client.GetNamespace(ctx, objectstorage.GetNamespaceRequest{})
		var refusal common.ServiceError
		switch {
		case err == nil:
			fmt.Println(response.RawResponse.StatusCode)
		case errors.As(err, &refusal):
			fmt.Println(refusal.GetHTTPStatusCode())
		default:
			return err
		}
	}
	return nil
}
