#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iomanip>
#include <map>
#include <sstream>

// As for the library's kernels: it is Highway's to say what is left as the baseline.
#define HWY_DISABLED_TARGETS (HWY_SSSE3 | HWY_SSE4)
#include <hwy/detect_targets.h>

#include "cli/tool.hpp"
#include "support/scratch.hpp"

// The build of OpenBLAS that networks are computed with: their bits are its, too.
extern "C" {
char* openblas_get_config();
char* openblas_get_corename();
}

namespace fallline::test {
namespace {

namespace fs = std::filesystem;

const fs::path golden = FALLLINE_GOLDEN;
/// Where version 0.1 made the runs; their run.toml name the data there.
const std::string first_home = "/var/tmp/fallline-golden";

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream in(line);
  for (std::string word; in >> std::quoted(word, '\'');) words.push_back(word);
  return words;
}

/// What the hashes of an instruction set are listed under.
std::string bits_of(const std::string& isa) {
  if (isa != "baseline") return isa;
  if (HWY_STATIC_TARGET == HWY_SCALAR) return "scalar";
  return HWY_ARCH_X86 ? "sse2" : "neon";
}

/// What networks' hashes are listed under.
std::string blas() {
  const std::string version = words_of(openblas_get_config()).at(1);
  return "openblas-" + version + "-" + openblas_get_corename();
}

/// A listed run: its arguments, and the hash under each key.
struct Listed {
  std::string arguments;
  std::map<std::string, std::string> hashes;
};

std::vector<Listed> listed_runs() {
  std::vector<Listed> runs;
  std::ifstream in(golden / "hashes");
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() != ' ') {
      runs.push_back({line, {}});
    } else {
      const std::size_t hash = line.rfind(' ');
      runs.back().hashes[line.substr(2, hash - 2)] = line.substr(hash + 1);
    }
  }
  return runs;
}

/// The golden runs and their data as they lay for version 0.1, in a directory of the test's own.
void lay_out(const Tool& tool) {
  const fs::path home = tool.scratch().path();
  fs::copy(golden / "runs-0.1", home, fs::copy_options::recursive);
  for (const auto& entry : fs::recursive_directory_iterator(home)) {
    if (entry.path().filename() != "run.toml") continue;
    std::string text = content(entry.path());
    for (std::size_t at; (at = text.find(first_home)) != std::string::npos;)
      text.replace(at, first_home.size(), home.string());
    std::ofstream(entry.path()) << text;
  }
}

nlohmann::json summary_of(const Tool& tool, const std::string& run) {
  return nlohmann::json::parse(content(tool.scratch().path() / run / "summary.json"));
}

class GoldenHashes : public testing::TestWithParam<std::string> {};

// Two runs of one program agree with each other even where both are wrong, so these are held to
// what version 0.1 left.
TEST_P(GoldenHashes, EveryListedRunLeavesTheBitsThatItLeftIn01) {
  const Tool tool;
  const std::string isa = GetParam();
  if (tool({"train", "--isa", isa, "--epochs", "1", "-o", "probe"}).status != 0 ||
      content(tool.scratch().path() / "probe" / "run.toml").find("isa = \"" + isa) ==
          std::string::npos)
    GTEST_SKIP() << "this machine has no " << isa;
  tool({"data", "make", "pictures", "--train", "500", "--test", "100"});
  fs::copy(golden / "runs-0.1" / "data", tool.scratch().path());
  std::size_t compared = 0;
  std::size_t number = 0;
  for (const Listed& run : listed_runs()) {
    const bool network = run.arguments.find("--model") != std::string::npos;
    const auto known = run.hashes.find(bits_of(isa) + (network ? " " + blas() : ""));
    if (known == run.hashes.end()) continue;
    std::vector<std::string> words = words_of(run.arguments);
    words.insert(words.end(), {"--isa", isa, "-o", "run-" + std::to_string(++number)});
    const nlohmann::json summary = tool.train(words);
    ASSERT_TRUE(summary.is_object()) << run.arguments;
    EXPECT_EQ(summary["weights_hash"], known->second) << run.arguments;
    ++compared;
  }
  if (compared == 0) GTEST_SKIP() << "no hash is recorded for " << bits_of(isa) << ", " << blas();
}

std::string golden_name(const testing::TestParamInfo<std::string>& tested) { return tested.param; }

INSTANTIATE_TEST_SUITE_P(EveryInstructionSet, GoldenHashes,
                         testing::Values("baseline", "avx2", "avx512"), golden_name);

TEST(GoldenRuns, ModelsOf01EvaluateAsTheirSummariesSay) {
  const Tool tool;
  lay_out(tool);
  for (const std::string run : {"linear", "network", "sparse", "pictures", "diverged"}) {
    const Outcome outcome = tool({"evaluate", run, "--format", "json", "-q"});
    ASSERT_EQ(outcome.status, 0) << run << outcome.err;
    const auto found = nlohmann::json::parse(outcome.out);
    const auto told = summary_of(tool, run)["test"];
    EXPECT_EQ(found["accuracy"], told["accuracy"]) << run;
    EXPECT_EQ(found["confusion"], told["confusion"]) << run;
    // Losses agree to rounding over instruction sets.
    if (told["loss"].is_number()) {
      EXPECT_NEAR(found["loss"].get<double>(), told["loss"].get<double>(), 1e-4) << run;
    }
    EXPECT_EQ(tool({"predict", run, "--format", "csv", "-q"}).status, 0) << run;
  }
  for (const std::string run : {"searched/random", "searched/local", "searched/gradient"})
    EXPECT_EQ(tool({"evaluate", run, "-q"}).status, 0) << run;
}

TEST(GoldenRuns, ConfigurationsOf01RepeatTheirRuns) {
  const Tool tool;
  lay_out(tool);
  for (const std::string run : {"linear", "sparse", "pictures"}) {
    const nlohmann::json again = tool.train({"--config", run + "/run.toml", "-o", "again-" + run});
    ASSERT_TRUE(again.is_object()) << run;
    // They are of Debian 12's baseline.
    if (bits_of("baseline") == "scalar") {
      EXPECT_EQ(again["weights_hash"], summary_of(tool, run)["weights_hash"]) << run;
    }
    EXPECT_EQ(again["steps"], summary_of(tool, run)["steps"]) << run;
    const nlohmann::json replayed =
        tool.train({"--config", run + "/run.toml", "-o", "replay-" + run, "--schedule",
                    "replay:file=" + run + "/history.jsonl"});
    ASSERT_TRUE(replayed.is_object()) << run;
    EXPECT_EQ(replayed["steps"], summary_of(tool, run)["steps"]) << run;
  }
}

TEST(GoldenRuns, ReportsShowRunsOf01AndAllThatLiesBesideThem) {
  const Tool tool;
  lay_out(tool);
  const Outcome outcome = tool({"report", "linear", "network", "sparse", "pictures", "diverged",
                                "searched/random", "-o", "all.html"});
  if (outcome.err.find("Node.js 18") != std::string::npos)
    GTEST_SKIP() << "built without the report's page";
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.err.find("left out"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace fallline::test
