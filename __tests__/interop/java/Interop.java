// Later steps with Oracle's Java SDK: Interop <provider> <task> [file].

import com.oracle.bmc.ConfigFileReader;
import com.oracle.bmc.ConfigFileReader.ConfigFile;
import com.oracle.bmc.auth.BasicAuthenticationDetailsProvider;
import com.oracle.bmc.auth.ResourcePrincipalAuthenticationDetailsProvider;
import com.oracle.bmc.auth.SessionTokenAuthenticationDetailsProvider;
import com.oracle.bmc.model.BmcException;
import com.oracle.bmc.objectstorage.ObjectStorage;
import com.oracle.bmc.objectstorage.ObjectStorageClient;
import com.oracle.bmc.objectstorage.model.CreateBucketDetails;
import com.oracle.bmc.objectstorage.requests.CreateBucketRequest;
import com.oracle.bmc.objectstorage.requests.DeleteBucketRequest;
import com.oracle.bmc.objectstorage.requests.DeleteObjectRequest;
import com.oracle.bmc.objectstorage.requests.GetNamespaceRequest;
import com.oracle.bmc.objectstorage.requests.GetObjectRequest;
import com.oracle.bmc.objectstorage.requests.ListBucketsRequest;
import com.oracle.bmc.objectstorage.requests.ListObjectsRequest;
import com.oracle.bmc.objectstorage.requests.PutObjectRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

public final class Interop {
  private static final String BUCKET = "made-here";
  private static final String OBJECT = "a/five";
  private static final int FIVE_MB = 5_000_000;
  private static final int PAUSE_MS = 50;

  public static void main(String[] args) throws Exception {
    ObjectStorage client = ObjectStorageClient.builder().build(provider(args[0]));
    client.setEndpoint(System.getenv("OCI_EMULATOR_ENDPOINT"));
    switch (args[1]) {
      case "objects" -> objects(client, System.getenv("TENANCY"));
      case "long-lived" -> longLived(client, Path.of(args[2]));
      default -> throw new IllegalArgumentException("no task " + args[1]);
    }
    // The provider's scheduler keeps the process alive.
    System.exit(0);
  }

  private static BasicAuthenticationDetailsProvider provider(String name) throws IOException {
    String file = System.getenv("OCI_CLI_CONFIG_FILE");
    String profile = System.getenv("OCI_CLI_PROFILE");
    return switch (name) {
      case "session" -> new SessionTokenAuthenticationDetailsProvider(file, profile);
      case "session-not-scheduled" -> notScheduled(ConfigFileReader.parse(file, profile));
      case "resource-principal" -> ResourcePrincipalAuthenticationDetailsProvider.builder().build();
      default -> throw new IllegalArgumentException("no provider " + name);
    };
  }

  /** Only the builder can disable the SDK's own refresh, and it reads no profile. */
  private static BasicAuthenticationDetailsProvider notScheduled(ConfigFile profile) throws IOException {
    return SessionTokenAuthenticationDetailsProvider.builder()
        .tenantId(profile.get("tenancy"))
        .region(profile.get("region"))
        .privateKeyFilePath(profile.get("key_file"))
        .sessionTokenFilePath(profile.get("security_token_file"))
        .disableScheduledRefresh()
        .build();
  }

  private static String namespaceOf(ObjectStorage client) {
    return client.getNamespace(GetNamespaceRequest.builder().build()).getValue();
  }

  private static void objects(ObjectStorage client, String tenancy) throws IOException {
    String namespace = namespaceOf(client);
    CreateBucketDetails details = CreateBucketDetails.builder().name(BUCKET).compartmentId(tenancy).build();
    client.createBucket(
        CreateBucketRequest.builder().namespaceName(namespace).createBucketDetails(details).build());
    ListBucketsRequest ofTenancy =
        ListBucketsRequest.builder().namespaceName(namespace).compartmentId(tenancy).build();
    check(client.listBuckets(ofTenancy).getItems().size() == 1, "one bucket");
    uploadAndDownload(client, namespace);
    var listed = client.listObjects(
        ListObjectsRequest.builder().namespaceName(namespace).bucketName(BUCKET).build());
    check(listed.getListObjects().getObjects().size() == 1, "one object");
    client.deleteObject(
        DeleteObjectRequest.builder().namespaceName(namespace).bucketName(BUCKET).objectName(OBJECT).build());
    client.deleteBucket(DeleteBucketRequest.builder().namespaceName(namespace).bucketName(BUCKET).build());
  }

  private static void uploadAndDownload(ObjectStorage client, String namespace) throws IOException {
    byte[] content = new byte[FIVE_MB];
    new Random().nextBytes(content);
    client.putObject(
        PutObjectRequest.builder()
            .namespaceName(namespace)
            .bucketName(BUCKET)
            .objectName(OBJECT)
            .contentLength((long) FIVE_MB)
            .putObjectBody(new ByteArrayInputStream(content))
            .build());
    GetObjectRequest back =
        GetObjectRequest.builder().namespaceName(namespace).bucketName(BUCKET).objectName(OBJECT).build();
    try (InputStream got = client.getObject(back).getInputStream()) {
      check(Arrays.equals(got.readAllBytes(), content), "the same object");
    }
  }

  /** Calls with one client until the file exists, and once more. Prints the status of each call. */
  private static void longLived(ObjectStorage client, Path file) throws InterruptedException {
    for (boolean ended = false; !ended; Thread.sleep(PAUSE_MS)) {
      ended = Files.exists(file);
      try {
        namespaceOf(client);
        System.out.println(200);
      } catch (BmcException refusal) {
        System.out.println(refusal.getStatusCode());
      }
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("not " + what);
    }
  }
}
