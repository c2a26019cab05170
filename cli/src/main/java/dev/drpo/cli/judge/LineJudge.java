package dev.drpo.cli.judge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.drpo.cli.judge.JudgeRequest.BareAnswer;
import dev.drpo.cli.judge.JudgeRequest.Response;
import dev.drpo.cli.lines.InputLine;
import dev.drpo.cli.lines.LineId;
import dev.drpo.cli.lines.MalformedLine;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Verdict;
import java.io.IOException;
import java.io.Writer;
import java.util.Optional;

/** Turns a line of the input into a line of the output. Safe for use by many threads. */
final class LineJudge {
  private static final JsonFactory JSON = new JsonFactory();

  private final Judge judge;
  private final Conventions conventions;

  LineJudge(Judge judge, Conventions conventions) {
    this.judge = judge;
    this.conventions = conventions;
  }

  /** Judges one line, which isn't blank: writes its result with a line end, and counts it. */
  void judge(InputLine line, Writer out, Tally tally) throws IOException {
    try {
      JudgeRequest request = read(line);
      Verdict verdict = verdict(request);
      tally.count(verdict);
      LineId id = request.id().orElse(new LineId.Numeral(Long.toString(line.number())));
      writeVerdict(id, verdict, out);
    } catch (MalformedLine malformed) {
      tally.countMalformed();
      writeError(line.number(), malformed, out);
    }
    out.write('\n');
  }

  private static JudgeRequest read(InputLine line) throws MalformedLine {
    return switch (line) {
      case InputLine.Text text -> JudgeRequestReader.read(text.utf8());
      case InputLine.TooLong _ ->
          throw new MalformedLine(
              Optional.empty(),
              "it is longer than %d bytes; send the part of the response behind the last </think>"
                  .formatted(InputLine.MAX_BYTES));
    };
  }

  private Verdict verdict(JudgeRequest request) {
    return switch (request.subject()) {
      case Response(String text) -> judge.judge(text, request.golds(), conventions);
      case BareAnswer(String text) -> judge.compare(request.golds(), text, conventions);
    };
  }

  private static void writeVerdict(LineId id, Verdict verdict, Writer out) throws IOException {
    Outcome outcome = Outcome.of(verdict);
    Verdict.Evidence evidence = verdict.evidence();
    try (JsonGenerator json = generator(out)) {
      json.writeStartObject();
      json.writeFieldName("id");
      id.write(json);
      json.writeStringField("verdict", outcome.name());
      json.writeNumberField("reward", outcome.reward());
      json.writeStringField("rule", evidence.rule().id());
      json.writeStringField("extracted", evidence.extracted());
      json.writeStringField("normalGold", evidence.normalGold());
      json.writeStringField("normalAnswer", evidence.normalAnswer());
      json.writeNumberField("steps", evidence.steps());
      json.writeEndObject();
    }
  }

  private static void writeError(long line, MalformedLine malformed, Writer out)
      throws IOException {
    try (JsonGenerator json = generator(out)) {
      malformed.write(line, json);
    }
  }

  private static JsonGenerator generator(Writer out) throws IOException {
    return JSON.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }
}
