package io.flexmetry.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The module and package dependencies. If a test fails here, move the code instead of changing the rule. */
@AnalyzeClasses(packages = "io.flexmetry", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final DescribedPredicate<Slice> FEATURES =
            DescribedPredicate.describe("are features", slice -> List.of(
                            "conversation", "floor", "focus", "identity", "inactivity", "voice", "writeback")
                    .contains(slice.getNamePart(1)));

    @ArchTest
    static final ArchRule CONTRACT_KNOWS_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage("io.flexmetry.contract..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("io.flexmetry..").and(not(resideInAPackage("io.flexmetry.contract.."))));

    @ArchTest
    static final ArchRule INGEST_KNOWS_THE_CONTRACT_AND_ITSELF = knowsOnly("ingest");

    @ArchTest
    static final ArchRule PROCESSORS_KNOW_THE_CONTRACT_AND_THEMSELVES = knowsOnly("processors");

    @ArchTest
    static final ArchRule SINK_KNOWS_THE_CONTRACT_AND_ITSELF = knowsOnly("sink");

    @ArchTest
    static final ArchRule CONSOLE_KNOWS_THE_CONTRACT_AND_ITSELF = knowsOnly("console");

    /**
     * Shared code is in {@code cases}. Inactivity reads the stores of the message fold, and nothing else of another
     * feature.
     */
    @ArchTest
    static final ArchRule FEATURES_KNOW_NO_OTHERS = slices().matching("io.flexmetry.processors.(*)..")
            .that(FEATURES)
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    resideInAPackage("io.flexmetry.processors.inactivity.."),
                    resideInAPackage("io.flexmetry.processors.conversation.."));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.flexmetry.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule RULES_ARE_PURE = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .or()
            .haveSimpleNameEndingWith("Fold")
            .or()
            .haveSimpleNameEndingWith("Merge")
            .or()
            .haveSimpleNameEndingWith("Webhook")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.vertx..", "java.net.http..", "com.twilio..");

    @ArchTest
    static final ArchRule ONLY_PROCESSORS_TOUCH_STORES = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Processor")
            .and()
            .haveSimpleNameNotEndingWith("Topology")
            .and()
            // a delay queue that processors put into a table of their own
            .doNotHaveSimpleName("Timers")
            .and()
            .resideOutsideOfPackage("io.flexmetry.processors.store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka.streams.state..");

    @ArchTest
    static final ArchRule TIME_IS_GIVEN = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule SERVICES_DO_NOT_SLEEP = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.flexmetry.contract..",
                    "io.flexmetry.ingest..",
                    "io.flexmetry.processors..",
                    "io.flexmetry.sink..")
            .and()
            .haveSimpleNameNotEndingWith("Command")
            .should()
            .callMethodWhere(
                    target(name("sleep")).and(target(owner(type(Thread.class).or(type(TimeUnit.class))))));

    @ArchTest
    static final ArchRule NOTHING_IS_PRINTED_BUT_BY_COMMANDS = noClasses()
            .that()
            .resideInAnyPackage("io.flexmetry.ingest..", "io.flexmetry.processors..", "io.flexmetry.sink..")
            .and()
            .haveSimpleNameNotEndingWith("Command")
            .should()
            .accessField(System.class, "out");

    @ArchTest
    static void topicNamesStandInOnePlace(JavaClasses classes) throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of(".."))) {
            List<Path> others = sources.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("src/main") && !path.endsWith("Topics.java"))
                    .filter(ArchitectureTest::spellsATopic)
                    .toList();
            assertThat(others).isEmpty();
        }
    }

    private static boolean spellsATopic(Path source) {
        try {
            return Files.readString(source).matches("(?s).*\"flexmetry\\.[a-z-]+\\.v[0-9].*");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ArchRule knowsOnly(String module) {
        String own = "io.flexmetry." + module + "..";
        return noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(resideInAPackage("io.flexmetry..")
                        .and(not(resideInAPackage(own).or(resideInAPackage("io.flexmetry.contract..")))));
    }
}
