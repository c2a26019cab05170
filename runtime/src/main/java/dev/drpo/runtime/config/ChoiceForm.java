package dev.drpo.runtime.config;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleDeserializers;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/** Between the words of a configuration and the constants of an enum. */
final class ChoiceForm {
  private ChoiceForm() {}

  static void register(SimpleModule module) {
    module.setDeserializers(new Readers());
    module.addSerializer(new Writer());
  }

  /** No constant has the word that the configuration gives. */
  static final class UnknownChoice extends JsonMappingException {
    private static final long serialVersionUID = 1L;

    UnknownChoice(JsonParser parser, Class<?> choices) {
      super(parser, "it must be " + ConfigKey.oneOf(choices));
    }
  }

  private static final class Readers extends SimpleDeserializers {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonDeserializer<?> findEnumDeserializer(
        Class<?> type, DeserializationConfig config, BeanDescription description) {
      return new Reader(type);
    }
  }

  private static final class Reader extends JsonDeserializer<Object> {
    private final Class<?> type;

    Reader(Class<?> type) {
      this.type = type;
    }

    @Override
    public Object deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String word = parser.getText();
      for (Object choice : type.getEnumConstants()) {
        if (Text.of(choice).equals(word)) {
          return choice;
        }
      }
      throw new UnknownChoice(parser, type);
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class Writer extends JsonSerializer<Enum> {
    @Override
    public Class<Enum> handledType() {
      return Enum.class;
    }

    @Override
    public void serialize(Enum choice, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeString(Text.of(choice));
    }
  }
}
