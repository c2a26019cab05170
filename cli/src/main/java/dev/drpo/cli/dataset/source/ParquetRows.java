package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.problems.DataException;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads Parquet; structs become objects, lists arrays. */
final class ParquetRows {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ParquetRows() {}

  static List<ObjectNode> read(Path file) {
    try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
        RowReader row = reader.rowReader()) {
      List<ObjectNode> rows = new ArrayList<>();
      while (row.hasNext()) {
        row.next();
        rows.add(object(row));
      }
      long promised = reader.getFileMetaData().numRows();
      if (rows.size() != promised) {
        throw new DataException(
            "%s is damaged: it should have %,d rows and has %,d; fetch it again"
                .formatted(file, promised, rows.size()));
      }
      return rows;
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The reader throws whatever decoding a damaged page comes upon.
      throw new DataException(
          "%s is no Parquet file that can be read: %s; fetch it again"
              .formatted(file, e.getMessage()));
    }
  }

  private static ObjectNode object(StructAccessor struct) {
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < struct.getFieldCount(); i++) {
      object.set(
          struct.getFieldName(i), struct.isNull(i) ? JSON.nullNode() : node(struct.getValue(i)));
    }
    return object;
  }

  private static JsonNode node(Object value) {
    return switch (value) {
      case null -> JSON.nullNode();
      case String text -> JSON.textNode(text);
      case byte[] bytes -> JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Float number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case BigDecimal number -> JSON.numberNode(number);
      case Boolean flag -> JSON.booleanNode(flag);
      case PqStruct struct -> object(struct);
      case PqList list -> array(list);
      case PqMap map -> map(map);
      default -> JSON.textNode(value.toString());
    };
  }

  private static ArrayNode array(PqList list) {
    ArrayNode array = JSON.arrayNode(list.size());
    list.values().forEach(item -> array.add(node(item)));
    return array;
  }

  private static ObjectNode map(PqMap map) {
    ObjectNode object = JSON.objectNode();
    map.getEntries()
        .forEach(entry -> object.set(String.valueOf(entry.getKey()), node(entry.getValue())));
    return object;
  }
}
