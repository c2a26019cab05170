package dev.drpo.cli.policy;

import dev.drpo.policy.safetensors.ElementType;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The element types that policies compute in, by the names that {@code config.json} has. */
public final class ElementTypes implements ITypeConverter<ElementType> {
  private static final List<ElementType> COMPUTED_IN = List.of(ElementType.F32, ElementType.BF16);

  @Override
  public ElementType convert(String name) {
    return COMPUTED_IN.stream()
        .filter(type -> type.configName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' is none of %s"
                        .formatted(
                            name,
                            COMPUTED_IN.stream()
                                .map(ElementType::configName)
                                .collect(Collectors.joining(", ")))));
  }
}
