package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.drpo.problems.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads CSV whose first line names the columns. Every value is a text. */
final class CsvRows {
  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();

  private CsvRows() {}

  static List<ObjectNode> read(Path file, char separator) throws IOException {
    CsvSchema schema = CsvSchema.emptySchema().withHeader().withColumnSeparator(separator);
    List<ObjectNode> rows = new ArrayList<>();
    try (MappingIterator<Map<String, String>> lines =
        CSV.readerForMapOf(String.class).with(schema).readValues(TextFile.read(file))) {
      while (lines.hasNextValue()) {
        ObjectNode row = CSV.createObjectNode();
        lines.nextValue().forEach(row::put);
        rows.add(row);
      }
      return rows;
    } catch (JsonProcessingException e) {
      throw new DataException(
          "%s, row %d: it is not CSV: %s".formatted(file, rows.size() + 1, e.getOriginalMessage()));
    }
  }
}
