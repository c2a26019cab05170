package dev.drpo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page in a real browser: one story, since a browser takes seconds to start. */
class PageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path temporary;

  private static Dashboard dashboard(RunFolderFixture run) {
    return new Dashboard(List.of(WatchedRun.in("a <b>run</b>", run.folder())));
  }

  private static void awaitValue(HeadlessChromium browser, String expression, String expected) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(browser.value(expression)).contains(expected));
  }

  @Test
  void thePageFillsKeepsUpAndShowsWhatARunAnswersAndNothingElse() throws Exception {
    RunFolderFixture run =
        RunFolderFixture.in(temporary.resolve("run")).steps(1, 20).evaluations().samples(20);
    try (HeadlessChromium browser = HeadlessChromium.start()) {
      browser.show(1300, 900, "light");
      int port;
      try (DashboardServer server = DashboardServer.start(dashboard(run), 0)) {
        port = server.address().getPort();
        browser.driver().get(server.address().toString());

        awaitValue(browser, "document.querySelector('#standing').textContent", "step 20 of 60");
        assertThat(browser.value("document.querySelector('h1').textContent"))
            .isEqualTo("a <b>run</b>");
        awaitValue(browser, "document.querySelectorAll('.u-wrap').length", "13");
        assertThat(browser.value("document.querySelector('#loop').textContent"))
            .contains("Not measured in this run: for a replica, sampled, for the judge");
        awaitValue(browser, "document.querySelectorAll('#histograms svg').length", "2");
        assertThat(browser.value("document.querySelector('#path svg').getAttribute('aria-label')"))
            .contains("from accuracy 52.0% at 98 tokens to 81.0% at 60.5 tokens");
        assertThat(browser.value("document.querySelector('#learning .chart').textContent"))
            .doesNotContain("NaN");

        run.steps(21, 22);
        awaitValue(browser, "document.querySelector('#standing').textContent", "step 22 of 60");
        awaitValue(browser, "document.querySelector('#histogram-step').value", "22");

        aNumberTellsItsDefinition(browser);
        aSampleShowsItsVerdictAndItsTextAsText(browser);
        assertThat(browser.violations()).isEmpty();
        browser.show(390, 844, "dark");
        assertThat(browser.value("document.documentElement.scrollWidth <= window.innerWidth"))
            .isEqualTo("true");
        assertThat(browser.violations()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
      }
      comesBackWithTheServer(browser, run, port);
      assertThat(browser.asked()).containsExactly("http://127.0.0.1:" + port);
    }
  }

  private static void aNumberTellsItsDefinition(HeadlessChromium browser) {
    browser.driver().executeScript("document.querySelector('#cards .term').focus()");
    awaitValue(browser, "document.querySelector('#tip').textContent", "Right responses among");
    browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
    awaitValue(browser, "document.querySelector('#tip').hidden", "true");
  }

  private static void aSampleShowsItsVerdictAndItsTextAsText(HeadlessChromium browser) {
    browser.driver().findElement(By.id("samples-filter")).sendKeys("wrong");
    awaitValue(browser, "document.querySelectorAll('.sample').length", "1");
    browser.driver().executeScript("document.querySelector('.sample summary').click()");
    awaitValue(browser, "document.querySelector('.facts')?.textContent", "wrong: not equal");
    assertThat(browser.value("document.querySelector('.facts').textContent"))
        .contains("integer.equal", "8,000 tokens", "-0.25");
    assertThat(browser.value("document.querySelectorAll('.sample pre')[1].textContent"))
        .contains("<script>document.title", "word word")
        .contains("\u2400\u2407\u241b[31m", "U+202E");
    assertThat(browser.value("document.querySelectorAll('.sample img, .sample script').length"))
        .isEqualTo("0");
    assertThat(browser.value("document.title")).isEqualTo("a <b>run</b> – DRPO");
  }

  /** As where a learner is killed and starts again: its page is still open. */
  private void comesBackWithTheServer(HeadlessChromium browser, RunFolderFixture run, int port)
      throws IOException {
    awaitValue(browser, "document.querySelector('#connection').textContent", "connection lost");
    run.steps(23, 23);
    try (DashboardServer server = DashboardServer.start(dashboard(run), port)) {
      assertThat(server.address()).extracting(URI::getPort).isEqualTo(port);
      awaitValue(browser, "document.querySelector('#standing').textContent", "step 23 of 60");
      awaitValue(browser, "document.querySelector('#connection').textContent", "connected");
    }
  }
}
