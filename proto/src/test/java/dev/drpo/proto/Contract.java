package dev.drpo.proto;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The contract as sorted lines of text, one for each thing that a client or a stored record relies
 * on: a field's number, name, type and label, an enum's number and name, a call's types, a number
 * or a name that no field may take again.
 */
final class Contract {
  private final SortedSet<String> lines = new TreeSet<>();

  private Contract() {}

  static SortedSet<String> of(List<FileDescriptor> files) {
    Contract contract = new Contract();
    for (FileDescriptor file : files) {
      file.getMessageTypes().forEach(contract::message);
      file.getEnumTypes().forEach(contract::enumeration);
      file.getServices().forEach(contract::service);
    }
    return contract.lines;
  }

  private void message(Descriptor message) {
    String name = message.getFullName();
    lines.add("message " + name);
    for (FieldDescriptor field : message.getFields()) {
      lines.add("field " + name + " " + field.getNumber() + " " + describe(field));
    }
    DescriptorProto written = message.toProto();
    for (DescriptorProto.ReservedRange range : written.getReservedRangeList()) {
      for (int number = range.getStart(); number < range.getEnd(); number++) {
        lines.add("reserved " + name + " " + number);
      }
    }
    written.getReservedNameList().forEach(field -> lines.add("reserved " + name + " " + field));
    message.getNestedTypes().stream()
        .filter(nested -> !nested.getOptions().getMapEntry())
        .forEach(this::message);
    message.getEnumTypes().forEach(this::enumeration);
  }

  private void enumeration(EnumDescriptor type) {
    for (EnumValueDescriptor value : type.getValues()) {
      lines.add("value " + type.getFullName() + " " + value.getNumber() + " " + value.getName());
    }
  }

  private void service(ServiceDescriptor service) {
    for (MethodDescriptor call : service.getMethods()) {
      lines.add(
          "call %s (%s%s) returns (%s%s)"
              .formatted(
                  call.getFullName(),
                  call.isClientStreaming() ? "stream " : "",
                  call.getInputType().getFullName(),
                  call.isServerStreaming() ? "stream " : "",
                  call.getOutputType().getFullName()));
    }
  }

  private static String describe(FieldDescriptor field) {
    String oneof =
        field.getRealContainingOneof() == null
            ? ""
            : " of " + field.getRealContainingOneof().getName();
    return field.getName() + " " + label(field) + type(field) + oneof;
  }

  private static String label(FieldDescriptor field) {
    if (field.isMapField()) {
      return "";
    }
    if (field.isRepeated()) {
      return field.isPacked() ? "packed " : "repeated ";
    }
    return field.toProto().getProto3Optional() ? "optional " : "";
  }

  private static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      Descriptor entry = field.getMessageType();
      return "map<%s, %s>"
          .formatted(type(entry.findFieldByNumber(1)), type(entry.findFieldByNumber(2)));
    }
    return switch (field.getType()) {
      case MESSAGE, GROUP -> field.getMessageType().getFullName();
      case ENUM -> field.getEnumType().getFullName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }
}
