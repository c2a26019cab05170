package dev.drpo.reports;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/**
 * The one JSON dialect of reports and metrics. JSON has no NaN and no infinity: a value that does
 * not exist (NaN) is null, and an infinite one is the string that {@link Double#toString} gives,
 * which most readers parse back.
 */
public final class ReportJson {
  /** Reads and writes it. Not to be configured any further. */
  public static final ObjectMapper MAPPER =
      JsonMapper.builder()
          // Keys are only ever added, so an older reader skips what it does not know.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Double.class, new Writer())
                  .addSerializer(double.class, new Writer())
                  .addDeserializer(Double.class, new Reader())
                  .addDeserializer(double.class, new Reader()))
          .build();

  private ReportJson() {}

  private static final class Writer extends StdSerializer<Double> {
    private static final long serialVersionUID = 1;

    Writer() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (value.isNaN()) {
        json.writeNull();
      } else if (value.isInfinite()) {
        json.writeString(value.toString());
      } else {
        json.writeNumber(value);
      }
    }
  }

  private static final class Reader extends StdDeserializer<Double> {
    private static final long serialVersionUID = 1;

    Reader() {
      super(Double.class);
    }

    @Override
    public Double deserialize(JsonParser json, DeserializationContext context) throws IOException {
      return _parseDoublePrimitive(json, context);
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }
  }
}
