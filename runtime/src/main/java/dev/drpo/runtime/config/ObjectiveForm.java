package dev.drpo.runtime.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.ObjectCodec;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.objectives.ObjectiveConfig;
import dev.drpo.objectives.Option;
import java.io.IOException;
import java.util.List;

/**
 * Between the flat section {@code objective}, which has the options of all objectives, and the
 * record of the one that it names. An option of the others must have its default, since a change
 * would have no effect.
 */
final class ObjectiveForm {
  private ObjectiveForm() {}

  static void register(SimpleModule module) {
    module.addDeserializer(ObjectiveConfig.class, new Reader());
    module.addSerializer(ObjectiveConfig.class, new Writer());
  }

  private static final class Reader extends JsonDeserializer<ObjectiveConfig> {
    @Override
    public ObjectiveConfig deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      ObjectCodec codec = parser.getCodec();
      ObjectNode section = codec.readTree(parser);
      ObjectiveConfig byDefault = named(section.get(ObjectiveKeys.NAME).asText());
      List<String> taken = ObjectiveKeys.keysOf(byDefault);
      ObjectNode own = section.deepCopy().retain(taken);
      for (Option option : Option.values()) {
        if (!taken.contains(option.key())) {
          requireDefault(codec, section.get(option.key()), option, byDefault.name());
        }
      }
      try {
        return codec.treeToValue(own, byDefault.getClass());
      } catch (ValueInstantiationException e) {
        if (e.getCause() instanceof IllegalArgumentException refused) {
          throw new ConfigException(ObjectiveKeys.SECTION + "." + refused.getMessage());
        }
        throw e;
      }
    }

    private static ObjectiveConfig named(String name) {
      ConfigKeys.requireBounds(
          ObjectiveKeys.DEFAULTS.containsKey(name),
          ObjectiveKeys.SECTION + "." + ObjectiveKeys.NAME,
          name);
      return ObjectiveKeys.DEFAULTS.get(name);
    }

    private static void requireDefault(
        ObjectCodec codec, JsonNode node, Option option, String objective)
        throws JsonMappingException {
      Object byDefault = ObjectiveKeys.byDefault(option);
      List<String> takers = ObjectiveKeys.takers(option);
      Object value;
      try {
        value = codec.treeToValue(node, ObjectiveKeys.component(option).getType());
      } catch (JsonProcessingException e) {
        throw JsonMappingException.wrapWithPath(e, node, option.key());
      }
      ConfigException.require(
          value.equals(byDefault),
          ObjectiveKeys.SECTION + "." + option.key(),
          value,
          "the objective "
              + objective
              + " does not take it, "
              + String.join(" and ", takers)
              + (takers.size() == 1 ? " does" : " do")
              + "; leave it at "
              + Text.of(byDefault));
    }
  }

  private static final class Writer extends JsonSerializer<ObjectiveConfig> {
    @Override
    public void serialize(
        ObjectiveConfig config, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeStartObject();
      generator.writeStringField(ObjectiveKeys.NAME, config.name());
      for (Option option : Option.values()) {
        provider.defaultSerializeField(
            option.key(), ObjectiveKeys.value(config, option), generator);
      }
      generator.writeEndObject();
    }
  }
}
