package dev.drpo.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.drpo.proto.externalscaler.ExternalScalerGrpc;
import dev.drpo.proto.learner.v1.LearnerServiceGrpc;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The contract only grows: what the listing {@value #LISTING} has stays as it is. After an addition
 * {@code ./drpo test -pl proto -Dtest=ContractTest -Dcontract.update} adds to the listing; a line
 * goes only by hand.
 */
class ContractTest {
  private static final String LISTING = "src/test/resources/dev/drpo/proto/contract.txt";
  private static final String UPDATE = "contract.update";
  private static final Path SOURCES = Path.of("src/main/proto");

  private static final List<FileDescriptor> FILES =
      List.of(
          RolloutGroup.getDescriptor().getFile(),
          file(RolloutServiceGrpc.getServiceDescriptor()),
          file(RewardServiceGrpc.getServiceDescriptor()),
          file(LearnerServiceGrpc.getServiceDescriptor()),
          file(ExternalScalerGrpc.getServiceDescriptor()));

  @Test
  void nothingThatWasOnceThereIsGoneOrDifferent() throws IOException {
    assertThat(missing(listing(), Contract.of(FILES)))
        .as("fields, values and calls stay as they were published; give changes a new number")
        .isEmpty();
  }

  @Test
  void theListingHoldsEverythingThatIsThere() throws IOException {
    SortedSet<String> present = Contract.of(FILES);
    if (System.getProperty(UPDATE) != null) {
      SortedSet<String> all = new TreeSet<>(listing());
      all.addAll(present);
      Files.write(Path.of(LISTING), all);
    }
    assertThat(missing(present, listing()))
        .as("new in the contract; call ./drpo test -pl proto -Dtest=ContractTest -D" + UPDATE)
        .isEmpty();
  }

  @Test
  void everySourceIsLookedAt() throws IOException {
    try (Stream<Path> sources = Files.walk(SOURCES)) {
      assertThat(
              sources
                  .filter(Files::isRegularFile)
                  .map(source -> SOURCES.relativize(source).toString()))
          .containsExactlyInAnyOrderElementsOf(
              FILES.stream().map(FileDescriptor::getName).toList());
    }
  }

  @Test
  void aFieldThatIsRenumberedRetypedRenamedOrRemovedIsNoticed()
      throws DescriptorValidationException {
    SortedSet<String> published =
        contract(field("tokens", 1, FieldDescriptorProto.Type.TYPE_INT32));

    assertThat(
            missing(published, contract(field("tokens", 1, FieldDescriptorProto.Type.TYPE_INT32))))
        .isEmpty();
    assertThat(
            missing(
                published,
                contract(
                    field("tokens", 1, FieldDescriptorProto.Type.TYPE_INT32),
                    field("more", 2, FieldDescriptorProto.Type.TYPE_BOOL))))
        .isEmpty();
    for (FieldDescriptorProto changed :
        List.of(
            field("tokens", 2, FieldDescriptorProto.Type.TYPE_INT32),
            field("tokens", 1, FieldDescriptorProto.Type.TYPE_INT64),
            field("ids", 1, FieldDescriptorProto.Type.TYPE_INT32),
            field("tokens", 1, FieldDescriptorProto.Type.TYPE_INT32).toBuilder()
                .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)
                .build())) {
      assertThat(missing(published, contract(changed)))
          .containsExactly("field test.Message 1 tokens int32");
    }
    assertThat(missing(published, contract())).hasSize(1);
  }

  private static SortedSet<String> contract(FieldDescriptorProto... fields)
      throws DescriptorValidationException {
    return Contract.of(
        List.of(
            FileDescriptor.buildFrom(
                FileDescriptorProto.newBuilder()
                    .setPackage("test")
                    .setSyntax("proto3")
                    .addMessageType(
                        DescriptorProto.newBuilder()
                            .setName("Message")
                            .addAllField(List.of(fields)))
                    .build(),
                new FileDescriptor[0])));
  }

  private static FieldDescriptorProto field(
      String name, int number, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(type)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
        .build();
  }

  private static List<String> missing(Collection<String> wanted, Collection<String> present) {
    return wanted.stream().filter(line -> !present.contains(line)).toList();
  }

  private static SortedSet<String> listing() throws IOException {
    return new TreeSet<>(Files.readAllLines(Path.of(LISTING)));
  }

  private static FileDescriptor file(ServiceDescriptor service) {
    return ((ProtoFileDescriptorSupplier) Objects.requireNonNull(service.getSchemaDescriptor()))
        .getFileDescriptor();
  }
}
