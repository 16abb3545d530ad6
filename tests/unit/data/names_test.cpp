// Names of classes and features are UTF-8, whatever door they come in by.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fallline/data/open.hpp>
#include <fallline/data/series.hpp>
#include <fallline/model/classifier.hpp>
#include <fallline/model/model_file.hpp>
#include <fallline/model/onnx.hpp>
#include <functional>
#include <map>
#include <string>

#include "support/binary_sets.hpp"
#include "support/gzip.hpp"
#include "support/picture_files.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"
#include "support/table.hpp"

namespace fallline {
namespace {

using test::npy;
using testing::AllOf;
using testing::HasSubstr;

/// The refusal of a set that `make` writes, opened as a user would.
Error refused(const std::function<std::filesystem::path(const test::Scratch&)>& make,
              const OpenOptions& options = {}) {
  const test::Scratch scratch;
  const auto path = make(scratch);
  const Error error = test::refusal([&] { return open(path, options); });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_FALSE(error.where().file.empty());
  return error;
}

Error refused_file(std::string_view name, std::string_view bytes, const OpenOptions& options = {}) {
  return refused([&](const test::Scratch& s) { return s.file(name, bytes); }, options);
}

TEST(Names, ACellThatIsNotUtf8IsNamedByRowAndColumnWhateverItIs) {
  const std::map<std::string, std::pair<int, int>> places{
      {"x,y,label\n1,2,a\n3,4,caf\xE9\n", {3, 3}},         // a label
      {"x,y,caf\xE9\n1,2,a\n3,4,b\n", {1, 3}},             // a name in the header
      {"x,y,label\n1,caf\xE9,a\n", {2, 2}},                // where a number belongs
      {"x,y,label\r1,2,a\r3,4,\xF8\r", {3, 3}},            // lines that end with CR
      {"x,y,label\n\"1\",2,\"a\n\xE9\"\n", {2, 3}},        // within quotes, over two lines
      {"x\ty\tlabel\n1\t2\t\xC0\xAF\n", {2, 3}},           // an overlong form
      {"x;y;label\n1;2;\xED\xA0\x80\n", {2, 3}},           // a surrogate
      {"x,y,label\n1,2,\xF4\x90\x80\x80\n", {2, 3}},       // beyond U+10FFFF
      {"\xEF\xBB\xBFx,y,label\n1,2,a\n1,2,\xC3", {3, 3}},  // cut short at the end
  };
  for (const auto& [text, place] : places) {
    const Error error = refused_file("set.csv", text);
    EXPECT_EQ(error.where().row, place.first) << text;
    EXPECT_EQ(error.where().column, place.second) << text;
    EXPECT_THAT(error.what(), HasSubstr("is not UTF-8")) << text;
  }
}

TEST(Names, OfTextThatIsUtf8EveryCharacterIsTaken) {
  const test::Scratch scratch;
  const Source source =
      open(scratch.file("set.csv", "größe,élan,label\n1,2,日本\n3,4,😀\n5,6,\xF4\x8F\xBF\xBF\n"));
  EXPECT_THAT(source.train.feature_names(), testing::ElementsAre("größe", "élan"));
  EXPECT_EQ(source.train.classes(), 3U);
}

TEST(Names, APackedTableIsLookedAtToo) {
  const Error error = refused([](const test::Scratch& s) {
    return test::write_gzip(s / "set.csv.gz", "x,label\n1,caf\xE9\n2,b\n");
  });
  EXPECT_EQ(error.where().row, 2U);
}

TEST(Names, ASparseLabelIsNamedByItsRow) {
  const Error error = refused_file("set.svm", "a 1:2\ncaf\xE9 1:3\n", {.format = "libsvm"});
  EXPECT_EQ(error.where().row, 2U);
  EXPECT_THAT(error.what(), HasSubstr("'caf\\xe9' is not UTF-8"));
}

TEST(Names, AFileOfClassNamesIsNamedByItsLine) {
  const std::string record = std::string(3073, '\0');
  for (const char* name : {"batches.meta.txt"}) {
    const Error error = refused([&](const test::Scratch& s) {
      (void)s.file("set/data_batch_1.bin", record);
      (void)s.file(std::string("set/") + name, "cat\ncaf\xE9\n");
      return s / "set";
    });
    EXPECT_EQ(error.where().row, 2U);
    EXPECT_THAT(error.where().file, HasSubstr(name));
  }
}

TEST(Names, AnArrayOfBytesThatAreNoTextIsNamedByItsRow) {
  const auto with_labels = [](const std::string& labels) {
    return refused([&](const test::Scratch& s) {
      (void)s.file("set/y.npy", labels);
      (void)s.file("set/x.npy", npy("|u1", "(2, 1)", "ab"));
      return s / "set";
    });
  };
  const Error bytes = with_labels(npy("|S4", "(2,)", std::string("ok\0\0caf\xE9", 8)));
  EXPECT_EQ(bytes.where().row, 2U);
  EXPECT_THAT(bytes.what(), HasSubstr("'caf\\xe9' is not UTF-8"));
  // A surrogate, and a number beyond the last character, in four bytes each.
  for (const std::uint32_t wrong : {0xD800U, 0x110000U}) {
    const Error wide = with_labels(npy("<U1", "(2,)", test::little_all({0x61U, wrong})));
    EXPECT_EQ(wide.where().row, 2U);
  }
  const std::string archive_names = npy("|S1", "(2,)", "a\xE9");
  const Error archive = refused([&](const test::Scratch& s) {
    return test::write_zip(s / "set.npz", {{"x.npy", npy("|u1", "(2, 1)", "ab")},
                                           {"y.npy", npy("|u1", "(2,)", std::string("\0\1", 2))},
                                           {"class_names.npy", archive_names}});
  });
  EXPECT_EQ(archive.where().row, 2U);
}

TEST(Names, AFolderOfPicturesIsNamed) {
  const Error error = refused([](const test::Scratch& s) {
    (void)s.file("set/ok/1.png", test::grey_png(1, 1, {1}));
    (void)s.file("set/caf\xE9/1.png", test::grey_png(1, 1, {2}));
    return s / "set";
  });
  EXPECT_THAT(error.what(), HasSubstr("'caf\\xe9' is not UTF-8"));
}

TEST(Names, OfASeriesTheyAreNamedByTheirPlace) {
  const Error cell = test::refusal([] { return parse_series("s,caf\xE9\n1,2\n", "s.csv", {}); });
  EXPECT_EQ(cell.where().column, 2U);
  const Error line =
      test::refusal([] { return parse_series("{\"a\":1}\n{\"caf\xE9\":1}\n", "s.jsonl", {}); });
  EXPECT_EQ(line.where().row, 2U);
  EXPECT_THAT(line.what(), HasSubstr("is not UTF-8"));
}

TEST(Names, TextOfMoreBytesACharacterIsCalledByItsName) {
  using namespace std::string_view_literals;
  const std::map<std::string_view, std::string> texts{
      {"\xFF\xFEx\0,\0y\0\n\0001\0,\0002\0\n\0"sv, "UTF-16"},
      {"x\0,\0y\0\n\0001\0,\0002\0\n\0"sv, "UTF-16"},
      {"\xFE\xFF\0x\0,\0y\0\n\0001\0,\0002\0\n"sv, "UTF-16"},
      {"\xFF\xFE\0\0x\0\0\0,\0\0\0y\0\0\0"sv, "UTF-32"},
  };
  for (const auto& [text, name] : texts)
    for (const char* format : {"", "csv", "libsvm"})
      for (const char* file : {"set.csv", "set.txt"}) {
        const Error error = refused_file(file, text, {.format = format});
        EXPECT_THAT(error.what(), AllOf(HasSubstr("is " + name), HasSubstr("save it as UTF-8")))
            << file << ' ' << format;
      }
}

TEST(Names, OfDataInMemoryTheOneThatIsWrongIsNumbered) {
  const Error of_class = test::refusal([] {
    return test::table<float>(1, {1, 2}, {0, 1}, {"a", "caf\xE9"});
  });
  EXPECT_EQ(of_class.kind(), ErrorKind::bad_input);
  EXPECT_THAT(of_class.what(), HasSubstr("class name 2, 'caf\\xe9', is not UTF-8"));
  const Error of_feature = test::refusal([] {
    return test::table<float>(2, {1, 2}, {0}, {"a"}, std::nullopt, {"\xFF", "b"});
  });
  EXPECT_THAT(of_feature.what(), HasSubstr("feature name 1, '\\xff', is not UTF-8"));
}

TEST(Names, AModelMadeByHandIsRefusedWhereItIsWritten) {
  const test::Scratch scratch;
  const Classifier model{.network = Network::parse("linear", 1, 2),
                         .parameters = {0, 0, 0, 0},
                         .preprocessing = {.mean = {0}, .scale = {1}},
                         .schema = {.class_names = {"a", "caf\xE9"}}};
  const auto file = scratch / "model";
  const auto saved = [&] { return save_model(model, file), 0; };
  const auto exported = [&] { return save_onnx(model, file), 0; };
  EXPECT_EQ(test::refusal(saved).kind(), ErrorKind::bad_input);
  EXPECT_EQ(test::refusal(exported).kind(), ErrorKind::bad_input);
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace fallline
