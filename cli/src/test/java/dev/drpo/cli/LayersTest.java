package dev.drpo.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The command line stands on libraries and starts services as processes. Its class path holds every
 * library, so that the rules for all of them are kept here.
 */
@AnalyzeClasses(packages = "dev.drpo", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule noServiceIsALibrary =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.drpo.reward..", "dev.drpo.rollout..", "dev.drpo.learner..");

  @ArchTest
  static final ArchRule noLibraryKnowsAFramework =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.drpo.proto..", "dev.drpo.testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "io.smallrye..", "io.micrometer..", "jakarta..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
