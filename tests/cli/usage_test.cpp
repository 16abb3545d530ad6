#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

std::ptrdiff_t lines_of(const std::string& text) { return std::ranges::count(text, '\n'); }

TEST(Usage, EveryCommandHelpsItselfWithItsDefaults) {
  const Tool tool;
  for (const char* command : {"train", "evaluate", "predict", "search", "landscape", "paths"}) {
    const Outcome outcome = tool({command, "--help"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_NE(outcome.out.find("--test-share FLOAT=0.2"), std::string::npos) << command;
  }
  EXPECT_EQ(tool({"--version"}).out, "fallline 0.1.0\n");
}

TEST(Usage, AWrongWordIsAnsweredInTwoLinesWithStatusTwo) {
  const Tool tool;
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{},
        {"tarin"},
        {"train", ""},
        {"train", "--epoch-count", "3"},
        {"train", "--epochs", "many"},
        {"train", "--loss", "hnige"},
        {"train", "--epochs", "-1"},
        {"train", "--seed", "-1"},
        {"train", "-b", "0"},
        {"train", "-b", "-5"},
        {"train", "--learning-rate", "-1"},
        {"train", "--delta", "0"},
        {"train", "--optimizer", "adamm"},
        {"train", "--validation-share", "1.5"},
        {"train", "--momentum", "1", "--optimizer", "heavy-ball"},
        {"search", "random", "--tries", "0"},
        {"sweep"},
        {"sweep", "lr", "--from", "1", "--to", "0.1"},
        {"gradcheck", "--coordinates", "-1"},
        {"data"},
        {"evaluate"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_GE(lines_of(outcome.err), 1) << testing::PrintToString(words);
    EXPECT_LE(lines_of(outcome.err), 4) << outcome.err;
    EXPECT_LE(outcome.err.size(), 400U) << outcome.err;
  }
}

TEST(Usage, AMisspeltCommandOptionOrValueIsAnsweredWithTheOneThatIsMeant) {
  const Tool tool;
  (void)tool.scratch().file("x", "1,2,a\n3,4,b\n");
  struct Slip {
    std::vector<std::string> words;
    std::string meant;
  };
  for (const auto& [words, meant] :
       {Slip{{"trian"}, "'train'"},
        {{"sweep", "batchsize"}, "'batch-size'"},
        {{"data", "ifno"}, "'info'"},
        {{"train", "--epoch", "3"}, "'--epochs'"},
        {{"train", "--epoch=3"}, "'--epochs'"},
        {{"train", "-epochs", "3"}, "'--epochs'"},
        {{"train", "--weigth-decay", "0.1"}, "'--weight-decay'"},
        {{"evaluate", "--certifcate"}, "'--certificate'"},
        {{"data", "convert", "a", "b", "--ot", "csv"}, "'--to'"},
        {{"sweep", "train", "--learning_rate", "0.1,0.2"}, "'--learning-rate'"},
        {{"train", "--loss", "sofmax"}, "'softmax'"},
        {{"train", "--optimizer", "adm"}, "'adam'"},
        {{"train", "--optimizer", "momentm"}, "'momentum'"},
        {{"train", "--preset", "trch"}, "'torch'"},
        {{"train", "--preprocess", "featrue"}, "'feature'"},
        {{"train", "--schedule", "cosin"}, "'cosine'"},
        {{"train", "--schedule", "warmup:step=5 then cosine"}, "'steps'"},
        {{"train", "--sampling", "shufle"}, "'shuffle'"},
        {{"train", "--model", "mpl:32"}, "'mlp'"},
        {{"train", "--data-format", "csvv", "x"}, "'csv'"},
        {{"train", "--format", "jsn"}, "'json'"},
        {{"search", "radnom"}, "'random'"},
        {{"optimizers", "nestrov"}, "'nesterov'"}}) {
    const Outcome outcome = tool(words);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(words) << outcome.err;
    EXPECT_NE(outcome.err.find("did you mean " + meant), std::string::npos) << outcome.err;
    EXPECT_LE(lines_of(outcome.err), 4) << outcome.err;
  }
  EXPECT_EQ(tool({"train", "--zigzag"}).err.find("did you mean"), std::string::npos);
}

TEST(Usage, BadInputIsAnsweredWithThePlaceAndStatusThree) {
  const Tool tool;
  (void)tool.scratch().file("bad.csv", "a,b,label\n1,2,x\n3,oops,y\n");
  const Outcome cell = tool({"train", "bad.csv"});
  EXPECT_EQ(cell.status, 3);
  EXPECT_NE(cell.err.find("bad.csv: row 3, column 2"), std::string::npos) << cell.err;
  EXPECT_NE(cell.err.find("oops"), std::string::npos);
  (void)tool.scratch().file("empty", "");
  (void)tool.scratch().file("one.csv", "a,label\n1,x\n2,x\n");
  for (const char* path : {"empty", "not-there", "one.csv", "/dev/null"})
    EXPECT_EQ(tool({"train", path}).status, 3) << path;
  EXPECT_EQ(tool({"evaluate", "not-there", "bad.csv"}).status, 3);
  EXPECT_EQ(tool({"evaluate", "bad.csv", "bad.csv"}).status, 3);
}

TEST(Usage, ResultsThatCannotBeWrittenAreAnError) {
  const Tool tool;
  const std::string command = std::string(FALLLINE_TOOL) + " data info --format json > /dev/full";
  EXPECT_EQ(Process(tool.scratch().path(), {"/bin/sh", "-c", command}).wait().status, 1);
}

TEST(Predict, GivesClassNamesAndProbabilitiesThatSumToOneWithoutLabels) {
  const Tool tool;
  std::string rows;
  for (int i = 0; i < 60; ++i) {
    const bool red = i % 3 == 0;
    rows += std::to_string(red ? 10 + i : -10 - i) + "," + std::to_string(i) + ",";
    rows += red ? "\"red, dark\"\n" : "blue\n";
  }
  (void)tool.scratch().file("colours.csv", "p,q,colour\n" + rows);
  ASSERT_EQ(tool({"train", "colours.csv", "-o", "run", "-q"}).status, 0);
  (void)tool.scratch().file("new.csv", "p,q\n50.5,1\n-50,2\n");
  const Outcome outcome =
      tool({"predict", "run", "new.csv", "--label-column", "none", "--format", "json", "-q"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json rows_out = json::parse(outcome.out, nullptr, false);
  ASSERT_EQ(rows_out.size(), 2U) << outcome.out;
  EXPECT_EQ(rows_out[0]["class"], "red, dark");
  EXPECT_EQ(rows_out[1]["class"], "blue");
  const auto& p = rows_out[0]["probabilities"];
  EXPECT_NEAR(p["red, dark"].get<double>() + p["blue"].get<double>(), 1, 1e-6);
  const Outcome csv =
      tool({"predict", "run", "new.csv", "--label-column", "none", "--format", "csv", "-q"});
  EXPECT_TRUE(csv.out.starts_with("example,class,blue,\"red, dark\"\n1,\"red, dark\",")) << csv.out;
}

TEST(Predict, ExamplesOfAnotherKindAreRefused) {
  const Tool tool;
  (void)tool({"train", tool.small_set(), "--epochs", "1", "-o", "run", "-q"});
  (void)tool.scratch().file("narrow.csv", "a,b,label\n1,2,x\n3,4,y\n");
  const Outcome outcome = tool({"predict", "run", "narrow.csv", "-q"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("2 features"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("3072"), std::string::npos) << outcome.err;
}

TEST(Data, ASetConvertedToEveryFormatTrainsToTheSameWeights) {
  const Tool tool;
  const std::string set = tool.small_set();
  const std::vector<std::string> settings{"--epochs", "1", "--preprocess", "global"};
  const auto hash = [&](const std::string& path) {
    std::vector<std::string> words{path};
    words.insert(words.end(), settings.begin(), settings.end());
    return tool.train(words)["weights_hash"];
  };
  const json expected = hash(set);
  for (const char* format : {"cifar10", "idx", "csv"}) {
    const Outcome outcome = tool({"data", "convert", set, format, "--to", format, "-q"});
    ASSERT_EQ(outcome.status, 0) << format << outcome.err;
    EXPECT_EQ(hash(format), expected) << format;
  }
}

TEST(Data, InfoTellsFormatSizesAndClasses) {
  const Tool tool;
  const Outcome outcome = tool({"data", "info", tool.small_set(), "--format", "json"});
  const json info = json::parse(outcome.out, nullptr, false);
  EXPECT_EQ(info["train"]["examples"], 3000);
  EXPECT_EQ(info["test"]["examples"], 500);
  EXPECT_EQ(info["train"]["shape"]["height"], 32);
  EXPECT_EQ(info["train"]["classes"][0]["name"], "ball");
}

}  // namespace
}  // namespace fallline::test
