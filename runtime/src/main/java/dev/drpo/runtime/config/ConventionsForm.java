package dev.drpo.runtime.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Conventions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Between the table {@code reward.conventions}, which has what differs from the judge's defaults,
 * and the judge's conventions. {@code require-think} is a key of its own.
 */
final class ConventionsForm {
  private static final String KEY = "reward.conventions";
  private static final String REQUIRE_THINK = Convention.REQUIRE_THINK.id();

  private ConventionsForm() {}

  static void register(SimpleModule module) {
    module.addDeserializer(Conventions.class, new Reader());
    module.addSerializer(Conventions.class, new Writer());
  }

  private static final class Reader extends JsonDeserializer<Conventions> {
    @Override
    public Conventions deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode table = parser.getCodec().readTree(parser);
      ConfigException.require(
          !table.has(REQUIRE_THINK),
          KEY + "." + REQUIRE_THINK,
          table.path(REQUIRE_THINK).asText(),
          "set reward.require-think instead");
      Map<String, String> named = new LinkedHashMap<>();
      table.properties().forEach(entry -> named.put(entry.getKey(), entry.getValue().asText()));
      try {
        return Conventions.DEFAULT.with(named);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(KEY + ": " + e.getMessage());
      }
    }
  }

  private static final class Writer extends JsonSerializer<Conventions> {
    @Override
    public void serialize(
        Conventions conventions, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      Map<String, String> changes = new LinkedHashMap<>(conventions.changes());
      changes.remove(REQUIRE_THINK);
      generator.writePOJO(changes);
    }
  }
}
