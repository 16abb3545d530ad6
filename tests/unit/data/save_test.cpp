#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <cstring>
#include <fallline/data/save.hpp>
#include <fallline/error.hpp>
#include <limits>
#include <map>
#include <set>

#include "data/reader.hpp"
#include "support/candidate.hpp"
#include "support/hostile.hpp"
#include "support/refusal.hpp"
#include "support/scratch.hpp"
#include "support/table.hpp"

namespace fallline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset read(const data::Reader& reader, const std::filesystem::path& path,
             const OpenOptions& options = {}) {
  const test::AsCandidate candidate(path);
  EXPECT_TRUE(reader.recognises(candidate));
  return reader.read(candidate, options).train;
}

void expect_same(const Dataset& saved, const Dataset& read) {
  ASSERT_EQ(read.size(), saved.size());
  ASSERT_EQ(read.features(), saved.features());
  for (std::size_t i = 0; i < saved.size(); ++i)
    for (std::size_t d = 0; d < saved.features(); ++d)
      EXPECT_EQ(read.cell(i, d), saved.cell(i, d)) << i << ' ' << d;
  EXPECT_EQ(read.class_names(), saved.class_names());
  EXPECT_TRUE(std::equal(read.labels().begin(), read.labels().end(), saved.labels().begin(),
                         saved.labels().end()));
}

std::set<std::string> names_in(const std::filesystem::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    names.insert(entry.path().filename());
  return names;
}

const std::vector<float> awkward{0.1F,        -0.0F, 1.0F,     255.0F, 1.2e-38F, 3.4028235e38F,
                                 16777216.0F, 1e10F, 1.0F / 3, -2.5F,  1e-7F,    123456.789F};

Dataset floats(std::vector<std::string> names = {"-1", "2"}) {
  return test::table<float>(4, awkward, {1, 0, 1}, std::move(names));
}

/// Two colour pictures of 32×32 whose byte at (channel, pixel) is known.
Dataset pictures(bool interleaved, std::size_t n = 2) {
  std::vector<std::uint8_t> cells(n * 3072);
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < n; ++i) {
    labels.push_back(static_cast<std::int32_t>(i % 2));
    for (std::size_t c = 0; c < 3; ++c)
      for (std::size_t p = 0; p < 1024; ++p)
        cells[i * 3072 + (interleaved ? 3 * p + c : 1024 * c + p)] =
            static_cast<std::uint8_t>(7 * i + 83 * c + p);
  }
  return test::table<std::uint8_t>(3072, cells, labels, {"frog", "truck"},
                                   ImageShape{3, 32, 32, interleaved});
}

std::string planar_bytes(std::size_t i) {
  std::string bytes;
  for (std::size_t c = 0; c < 3; ++c)
    for (std::size_t p = 0; p < 1024; ++p) bytes += static_cast<char>(7 * i + 83 * c + p);
  return bytes;
}

TEST(Save, CsvReadsBackTheSameFloats) {
  const test::Scratch scratch;
  save(floats(), nullptr, scratch / "set.csv", "csv");
  const Dataset back = read(data::csv_reader, scratch / "set.csv");
  EXPECT_EQ(back.cells(), CellType::f32);
  EXPECT_THAT(back.feature_names(), ElementsAre("x1", "x2", "x3", "x4"));
  expect_same(floats(), back);
  EXPECT_TRUE(std::signbit(back.cell(0, 1)));
}

TEST(Save, CsvKeepsWholeFloatsFloatsAndBytesBytes) {
  const test::Scratch scratch;
  const auto whole = test::table<float>(2, {1, 2, 3, 4}, {0, 1}, {"a", "b"});
  save(whole, nullptr, scratch / "floats.csv", "csv");
  EXPECT_EQ(read(data::csv_reader, scratch / "floats.csv").cells(), CellType::f32);
  const auto bytes = test::table<std::uint8_t>(2, {0, 255, 3, 4}, {0, 1}, {"a", "b"});
  save(bytes, nullptr, scratch / "bytes.csv", "csv");
  EXPECT_EQ(test::content(scratch / "bytes.csv"), "x1,x2,label\n0,255,a\n3,4,b\n");
  EXPECT_EQ(read(data::csv_reader, scratch / "bytes.csv").cells(), CellType::u8);
}

TEST(Save, CsvQuotesWhatWouldReadAsSomethingElse) {
  const test::Scratch scratch;
  const std::vector<std::string> names{" pad ", "0.5", "1.0", "a \"b\"", "c,d", "e\nf", "g;h"};
  std::vector<float> cells(names.size() * 2);
  std::vector<std::int32_t> labels;
  for (std::size_t c = 0; c < names.size(); ++c) labels.push_back(static_cast<std::int32_t>(c));
  const auto set = test::table<float>(2, cells, labels, names, std::nullopt, {"u, v", "w"});
  save(set, nullptr, scratch / "set.csv", "csv");
  const Dataset back = read(data::csv_reader, scratch / "set.csv");
  expect_same(set, back);
  EXPECT_EQ(back.feature_names(), set.feature_names());
}

TEST(Save, CsvWithoutLabelsHasNoLabelColumn) {
  const test::Scratch scratch;
  const auto set = test::table<std::uint8_t>(2, {1, 2, 3, 4}, {}, {});
  save(set, nullptr, scratch / "set.csv", "csv");
  expect_same(set, read(data::csv_reader, scratch / "set.csv", {.label_column = "none"}));
}

TEST(Save, LibsvmReadsBackTheSameFloatsAndAsManyFeatures) {
  const test::Scratch scratch;
  save(floats(), nullptr, scratch / "set", "libsvm");
  expect_same(floats(), read(data::libsvm_reader, scratch / "set"));
  const auto sparse = test::table<std::uint8_t>(3, {0, 7, 0, 0, 0, 0}, {0, 1}, {"cat", "dog"});
  save(sparse, nullptr, scratch / "sparse", "libsvm");
  EXPECT_EQ(test::content(scratch / "sparse"), "cat 2:7 3:0\ndog\n");
  expect_same(sparse, read(data::libsvm_reader, scratch / "sparse"));
}

TEST(Save, ATextFormatWithATestPartIsADirectoryOfTwoFiles) {
  const test::Scratch scratch;
  const Dataset train = floats({"cat", "dog"});
  const Dataset test = test::table<float>(4, {1, 2, 3, 4}, {0}, {"dog"});
  save(train, &test, scratch / "csv", "csv");
  EXPECT_THAT(names_in(scratch / "csv"), ElementsAre("test.csv", "train.csv"));
  expect_same(test, read(data::csv_reader, scratch / "csv" / "test.csv"));
  save(train, &test, scratch / "svm", "libsvm");
  EXPECT_THAT(names_in(scratch / "svm"), ElementsAre("test.svm", "train.svm"));
  expect_same(train, read(data::libsvm_reader, scratch / "svm" / "train.svm"));
}

TEST(Save, CifarHasALabelByteAndThreePlanesARecord) {
  for (const bool interleaved : {false, true}) {
    const test::Scratch scratch;
    const Dataset set = pictures(interleaved);
    save(set, &set, scratch / "set", "cifar10");
    const std::string expected = '\0' + planar_bytes(0) + '\1' + planar_bytes(1);
    EXPECT_EQ(test::content(scratch / "set" / "data_batch_1.bin"), expected);
    EXPECT_EQ(test::content(scratch / "set" / "test_batch.bin"), expected);
    EXPECT_EQ(test::content(scratch / "set" / "batches.meta.txt"), "frog\ntruck\n");
  }
}

TEST(Save, CifarStartsANewBatchEveryTenThousandRecords) {
  const test::Scratch scratch;
  const Dataset two = pictures(false);
  std::vector<std::size_t> many;
  for (std::size_t i = 0; i < 10001; ++i) many.push_back(i % 2);
  save(two.subset(many), nullptr, scratch / "set", "cifar10");
  EXPECT_THAT(names_in(scratch / "set"),
              ElementsAre("batches.meta.txt", "data_batch_1.bin", "data_batch_2.bin"));
  EXPECT_EQ(std::filesystem::file_size(scratch / "set" / "data_batch_1.bin"), 30730000U);
  EXPECT_EQ(test::content(scratch / "set" / "data_batch_2.bin"), '\0' + planar_bytes(0));
}

TEST(Save, CifarHoldsNothingButItsPictures) {
  const test::Scratch scratch;
  const auto kind = [&scratch](const Dataset& set) {
    return test::refusal([&] { return save(set, nullptr, scratch / "x", "cifar10"), 0; }).kind();
  };
  const auto small = test::table<std::uint8_t>(4, {1, 2, 3, 4}, {0}, {"a"}, ImageShape{1, 2, 2});
  EXPECT_EQ(kind(small), ErrorKind::usage);
  EXPECT_EQ(kind(floats()), ErrorKind::usage);
  const std::vector<std::uint8_t> cells(3072);
  const ImageShape shape{3, 32, 32};
  EXPECT_EQ(kind(test::table<std::uint8_t>(3072, cells, {}, {}, shape)), ErrorKind::usage);
  std::vector<std::string> names(257);
  for (std::size_t c = 0; c < names.size(); ++c) names[c] = std::to_string(c);
  EXPECT_EQ(kind(test::table<std::uint8_t>(3072, cells, {0}, names, shape)), ErrorKind::usage);
  EXPECT_EQ(kind(test::table<std::uint8_t>(3072, cells, {0}, {"a\nb"}, shape)), ErrorKind::usage);
  EXPECT_FALSE(std::filesystem::exists(scratch / "x"));
}

TEST(Save, IdxHoldsSizesBigEndianAndIntegersAsLabels) {
  const test::Scratch scratch;
  const auto grey = test::table<std::uint8_t>(6, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {1, 0},
                                              {"3", "250"}, ImageShape{1, 2, 3});
  save(grey, &grey, scratch / "set", "idx");
  EXPECT_THAT(names_in(scratch / "set"),
              ElementsAre("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
                          "train-images-idx3-ubyte", "train-labels-idx1-ubyte"));
  EXPECT_EQ(
      test::content(scratch / "set" / "train-images-idx3-ubyte"),
      std::string("\0\0\x08\x03\0\0\0\2\0\0\0\2\0\0\0\3\1\2\3\4\5\6\7\x08\x09\x0a\x0b\x0c", 28));
  EXPECT_EQ(test::content(scratch / "set" / "t10k-labels-idx1-ubyte"),
            std::string("\0\0\x08\1\0\0\0\2\xfa\3", 10));
}

TEST(Save, IdxFloatsAndWideLabelsAreBigEndian) {
  const test::Scratch scratch;
  const auto set = test::table<float>(1, {1.0F, -2.0F}, {0, 1}, {"-1", "300"});
  save(set, nullptr, scratch / "set", "idx");
  EXPECT_EQ(test::content(scratch / "set" / "train-images-idx2"),
            std::string("\0\0\x0d\2\0\0\0\2\0\0\0\1\x3f\x80\0\0\xc0\0\0\0", 20));
  EXPECT_EQ(test::content(scratch / "set" / "train-labels-idx1"),
            std::string("\0\0\x0c\1\0\0\0\2\xff\xff\xff\xff\0\0\1\x2c", 16));
}

TEST(Save, IdxKeepsNamesBesideTheirNumbersAndColoursPlanar) {
  const test::Scratch scratch;
  save(pictures(true), nullptr, scratch / "set", "idx");
  EXPECT_EQ(test::content(scratch / "set" / "train-images-idx4-ubyte"),
            std::string("\0\0\x08\4\0\0\0\2\0\0\0\3\0\0\0\x20\0\0\0\x20", 20) + planar_bytes(0) +
                planar_bytes(1));
  EXPECT_EQ(test::content(scratch / "set" / "train-labels-idx1-ubyte"),
            std::string("\0\0\x08\1\0\0\0\2\0\1", 10));
  EXPECT_EQ(test::content(scratch / "set" / "class_names.txt"), "frog\ntruck\n");
}

/// A little-endian integer in a file.
template <class Integer>
Integer at(const std::string& bytes, std::size_t offset) {
  Integer value{};
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

/// The members of a zip archive of stored members, by their local headers; check sums are checked.
std::map<std::string, std::string> members(const std::string& zip) {
  std::map<std::string, std::string> found;
  for (std::size_t here = 0; at<std::uint32_t>(zip, here) == 0x04034b50;) {
    const std::size_t name = at<std::uint16_t>(zip, here + 26);
    const std::size_t extra = at<std::uint16_t>(zip, here + 28);
    const std::size_t begin = here + 30 + name + extra;
    const std::size_t size = at<std::uint64_t>(zip, here + 30 + name + 4);
    const std::string bytes = zip.substr(begin, size);
    EXPECT_EQ(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), size),
              at<std::uint32_t>(zip, here + 14));
    found[zip.substr(here + 30, name)] = bytes;
    here = begin + size;
  }
  return found;
}

/// The header's dictionary and the cells of an NPY array.
std::pair<std::string, std::string> array(const std::string& npy) {
  EXPECT_EQ(npy.substr(0, 8), std::string("\x93NUMPY\x01\0", 8));
  const std::size_t length = at<std::uint16_t>(npy, 8);
  EXPECT_EQ((10 + length) % 64, 0U);
  EXPECT_EQ(npy[9 + length], '\n');
  return {npy.substr(10, npy.find('}') - 9), npy.substr(10 + length)};
}

TEST(Save, NpzHoldsThePartsAndTheNames) {
  const test::Scratch scratch;
  const Dataset train = floats({"été", "x"});
  const auto test = test::table<std::uint8_t>(4, {1, 2, 3, 255}, {0}, {"x"});
  save(train, &test, scratch / "set.npz", "npz");
  const auto found = members(test::content(scratch / "set.npz"));
  ASSERT_EQ(found.size(), 5U);
  EXPECT_EQ(array(found.at("x_train.npy")),
            std::pair(std::string("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }"),
                      std::string(reinterpret_cast<const char*>(awkward.data()), 48)));
  EXPECT_EQ(array(found.at("y_train.npy")),
            std::pair(std::string("{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }"),
                      std::string("\1\0\0\0\0\0\0\0\1\0\0\0", 12)));
  EXPECT_EQ(array(found.at("x_test.npy")),
            std::pair(std::string("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 4), }"),
                      std::string("\1\2\3\xff")));
  EXPECT_EQ(array(found.at("y_test.npy")).second, std::string("\1\0\0\0", 4));
  EXPECT_EQ(array(found.at("class_names.npy")),
            std::pair(std::string("{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }"),
                      std::string("\xe9\0\0\0t\0\0\0\xe9\0\0\0x\0\0\0\0\0\0\0\0\0\0\0", 24)));
}

TEST(Save, NpzHoldsColoursSideBySide) {
  const test::Scratch scratch;
  save(pictures(false), nullptr, scratch / "planar.npz", "npz");
  save(pictures(true), nullptr, scratch / "mixed.npz", "npz");
  EXPECT_EQ(test::content(scratch / "planar.npz"), test::content(scratch / "mixed.npz"));
  const auto found = members(test::content(scratch / "mixed.npz"));
  const auto [header, cells] = array(found.at("x_train.npy"));
  EXPECT_THAT(header, HasSubstr("(2, 32, 32, 3)"));
  EXPECT_EQ(cells.substr(0, 4), std::string("\0\x53\xa6\1", 4));
}

/// Channel `c` of pixel `p` of picture `i`, however the cells lie.
float pixel(const Dataset& data, std::size_t i, std::size_t c, std::size_t p) {
  const ImageShape& s = data.shape().value();
  return data.cell(i, s.interleaved ? p * s.channels + c : c * s.height * s.width + p);
}

TEST(Save, PicturesReadBackWithTheirShapeNamesAndParts) {
  for (const char* format : {"cifar10", "idx", "npz"}) {
    for (const bool interleaved : {false, true}) {
      const test::Scratch scratch;
      const Dataset train = pictures(interleaved, 3);
      const std::vector<std::size_t> second{1};
      const Dataset test = train.subset(second);
      save(train, &test, scratch / "set", format);
      const Source source = open(scratch / "set");
      ASSERT_TRUE(source.test) << format;
      for (const auto& [saved, back] :
           {std::pair(train, source.train), std::pair(test, *source.test)}) {
        ASSERT_EQ(back.size(), saved.size()) << format;
        EXPECT_EQ(back.cells(), CellType::u8) << format;
        EXPECT_EQ(back.class_names(), saved.class_names()) << format;
        for (std::size_t i = 0; i < saved.size(); ++i) {
          EXPECT_EQ(back.labels()[i], saved.labels()[i]) << format;
          for (std::size_t c = 0; c < 3; ++c)
            for (std::size_t p = 0; p < 1024; ++p)
              ASSERT_EQ(pixel(back, i, c, p), pixel(saved, i, c, p)) << format;
        }
      }
    }
  }
}

TEST(Save, PlainRowsReadBackInEveryFormatThatHoldsThem) {
  for (const char* format : {"idx", "npz", "csv", "libsvm"}) {
    for (const auto& names : {std::vector<std::string>{"-1", "300"}, {"7", "9"}, {"cat", "dog"}}) {
      const test::Scratch scratch;
      const Dataset train = floats(names);
      const Dataset test = test::table<float>(4, {1, 2, 3, 4}, {1}, names);
      save(train, &test, scratch / "set", format);
      const Source source = open(scratch / "set");
      expect_same(train, source.train);
      ASSERT_TRUE(source.test) << format;
      expect_same(test, *source.test);
    }
  }
}

TEST(Save, AClassWithoutExamplesSurvivesInTheBinaryFormats) {
  const auto set = test::table<float>(2, {1, 2, 3, 4}, {2, 0}, {"c", "b", "a"});
  for (const char* format : {"idx", "npz"}) {
    const test::Scratch scratch;
    save(set, nullptr, scratch / "set", format);
    expect_same(set, open(scratch / "set").train);
  }
}

TEST(Save, WhatExistsIsKeptUnlessAskedFor) {
  const test::Scratch scratch;
  scratch.file("set.csv", "precious");
  const auto kind = [&](const Dataset* test, std::string_view name, bool overwrite) {
    return test::refusal([&] {
             return save(floats(), test, scratch / name, "csv", {.overwrite = overwrite}), 0;
           })
        .kind();
  };
  EXPECT_EQ(kind(nullptr, "set.csv", false), ErrorKind::output);
  EXPECT_EQ(test::content(scratch / "set.csv"), "precious");
  save(floats(), nullptr, scratch / "set.csv", "csv", {.overwrite = true});
  EXPECT_NE(test::content(scratch / "set.csv"), "precious");

  const Dataset test = floats();
  EXPECT_EQ(kind(&test, "set.csv", true), ErrorKind::output);  // a file where a directory is needed
  scratch.file("full/other.csv", "precious");
  EXPECT_EQ(kind(&test, "full", true), ErrorKind::output);  // would be read as one set
  EXPECT_EQ(kind(nullptr, "full", true), ErrorKind::output);
  EXPECT_THAT(names_in(scratch / "full"), ElementsAre("other.csv"));
  EXPECT_EQ(kind(nullptr, "no/such/place.csv", false), ErrorKind::output);
}

TEST(Save, NothingIsLeftWhereACellCannotBeWritten) {
  const test::Scratch scratch;
  const float infinity = std::numeric_limits<float>::infinity();
  const auto set = test::table<float>(2, {1, 2, 3, infinity}, {0, 0}, {"a"});
  for (const char* format : {"csv", "libsvm"}) {
    const Error error =
        test::refusal([&] { return save(set, nullptr, scratch / "set", format), 0; });
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_EQ(error.where().row, 2U);
    EXPECT_EQ(error.where().column, 2U);
  }
  EXPECT_TRUE(names_in(scratch.path()).empty());
}

TEST(Save, ASetThatIsNotWholeIsRefusedInWhateverFormatAndMendedByOverwriting) {
  const Dataset train = floats();
  const Dataset test = floats();
  for (const char* format : {"idx", "csv", "libsvm"}) {
    const test::Scratch scratch;
    save(train, &test, scratch / "set", format);
    const auto mark = scratch.file("set/INCOMPLETE", "");
    for (const auto& path : {scratch / "set", scratch / "set" / "train.csv"}) {
      const Error error = test::refusal([&] { return open(path); });
      EXPECT_EQ(error.kind(), ErrorKind::bad_input);
      EXPECT_THAT(error.problem(), HasSubstr("a set that is not whole"));
    }
    save(train, &test, scratch / "set", format);
    EXPECT_FALSE(std::filesystem::exists(mark));
    expect_same(train, open(scratch / "set").train);
  }
}

TEST(Save, WhatAKilledProcessLeftBesideOrInTheTargetIsReplaced) {
  const Dataset train = floats();
  const Dataset test = floats();
  const test::Scratch scratch;
  scratch.file("set.partial/INCOMPLETE", "");
  scratch.file("set.partial/train.csv.partial", "1,2");
  save(train, &test, scratch / "set", "csv");
  scratch.file("there/train.csv.partial", "1,2");
  save(train, &test, scratch / "there", "csv");
  EXPECT_THAT(names_in(scratch.path()), ElementsAre("set", "there"));
  EXPECT_THAT(names_in(scratch / "there"), ElementsAre("test.csv", "train.csv"));
}

TEST(Save, WhatLiesUnderItsPartialNameAndIsNotItsOwnStays) {
  const Dataset train = floats();
  const Dataset test = floats();
  const test::Scratch scratch;
  scratch.file("set.partial/precious", "");
  scratch.file("other/INCOMPLETE", "");
  scratch.file("other/precious", "");
  std::filesystem::create_directory_symlink("other", scratch / "set.2.partial");
  save(train, &test, scratch / "set", "csv");
  EXPECT_THAT(names_in(scratch.path()),
              ElementsAre("other", "set", "set.2.partial", "set.partial"));
  EXPECT_TRUE(std::filesystem::exists(scratch / "set.partial" / "precious"));
  EXPECT_TRUE(std::filesystem::exists(scratch / "other" / "precious"));
}

TEST(Save, ASetWhoseNameIsAsLongAsTheyCanBeIsWritten) {
  const Dataset test = floats();
  const test::Scratch scratch;
  const std::string name(255, 'n');
  save(floats(), &test, scratch / name, "csv");
  EXPECT_THAT(names_in(scratch.path()), ElementsAre(name));
}

TEST(Save, APlaceIsRefusedBeforeTheDataAreRead) {
  const test::Scratch scratch;
  scratch.file("set.csv", "precious");
  scratch.file("full/other", "precious");
  const auto kind = [&](const std::filesystem::path& path) {
    return test::refusal([&] { return require_save_place(path), 0; }).kind();
  };
  for (const auto& path : {scratch / "set.csv", scratch / "full", scratch / std::string(256, 'n'),
                           std::filesystem::path("/dev/null")})
    EXPECT_EQ(kind(path), ErrorKind::output) << path;
  require_save_place(scratch / "set.csv", {.overwrite = true});
  require_save_place(scratch / "new");
  scratch.file("half/INCOMPLETE", "");
  scratch.file("half/train.csv", "1");
  require_save_place(scratch / "half");
}

TEST(Save, WhatAFormatCannotHoldIsAUsageError) {
  const test::Scratch scratch;
  const auto kind = [&scratch](const Dataset& set, const Dataset* test, std::string_view format) {
    return test::refusal([&] { return save(set, test, scratch / "x", format), 0; }).kind();
  };
  EXPECT_EQ(kind(floats(), nullptr, "hdf5"), ErrorKind::usage);
  EXPECT_EQ(kind(Dataset(), nullptr, "csv"), ErrorKind::usage);
  for (const char* name : {"big cat", "a:b", "1,2", "#1", "0.5", "1.0"})
    EXPECT_EQ(kind(floats({name, "x"}), nullptr, "libsvm"), ErrorKind::usage) << name;
  EXPECT_EQ(kind(test::table<float>(1, {1}, {}, {}), nullptr, "libsvm"), ErrorKind::usage);
  const auto clash = test::table<float>(1, {1}, {0}, {"a"}, std::nullopt, {"Label"});
  EXPECT_EQ(kind(clash, nullptr, "csv"), ErrorKind::usage);
  const auto narrow = test::table<float>(1, {1}, {0}, {"2"});
  EXPECT_EQ(kind(floats(), &narrow, "csv"), ErrorKind::bad_input);
  const auto stranger = test::table<float>(4, {1, 2, 3, 4}, {0}, {"stranger"});
  EXPECT_EQ(kind(floats(), &stranger, "csv"), ErrorKind::bad_input);
}

TEST(Save, EveryNameReadsBackOrIsRefusedBeforeAnythingIsWritten) {
  const test::Scratch scratch;
  int written = 0;
  for (const std::string& name : test::hostile_texts()) {
    if (name.empty()) continue;  // no class is called so
    const Dataset saved = floats({name, "plain"});
    for (const char* format : {"csv", "libsvm", "npz", "idx"}) {
      const auto path = scratch / std::to_string(written++);
      try {
        save(saved, nullptr, path, format);
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage)
            << format << testing::PrintToString(name.substr(0, 40)) << error.what();
        EXPECT_FALSE(std::filesystem::exists(path));
        continue;
      }
      const Dataset again = open(path).train;
      std::vector<std::string> names;
      for (const std::int32_t label : again.labels())
        names.push_back(again.class_names().at(static_cast<std::size_t>(label)));
      EXPECT_EQ(names, (std::vector<std::string>{"plain", name, "plain"}))
          << format << testing::PrintToString(name.substr(0, 40));
    }
  }
}

TEST(Save, EveryColumnNameOfACsvReadsBack) {
  const test::Scratch scratch;
  int written = 0;
  for (const std::string& name : test::hostile_texts()) {
    if (name.empty()) continue;
    DatasetParts parts{.name = "set", .cells = CellType::f32, .features = 2};
    const auto cells = std::make_shared<std::vector<float>>(std::vector<float>{0.5F, 1, -0.F, 2});
    parts.rows = {reinterpret_cast<const std::byte*>(cells->data()),
                  reinterpret_cast<const std::byte*>(cells->data() + 2)};
    parts.storage = {cells};
    parts.labels = {0, 1};
    parts.class_names = {"x", "y"};
    parts.feature_names = {"first", name};
    const auto path = scratch / std::to_string(written++);
    try {
      save(Dataset(std::move(parts)), nullptr, path, "csv");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::usage) << error.what();
      continue;
    }
    const Dataset again = open(path, {.format = "csv", .header = true}).train;
    EXPECT_EQ(again.feature_names(), (std::vector<std::string>{"first", name}))
        << testing::PrintToString(name.substr(0, 40));
  }
}

TEST(Save, EveryFormatIsListed) {
  std::vector<std::string> names;
  for (const FormatInfo& format : save_formats()) names.emplace_back(format.name);
  EXPECT_THAT(names, ElementsAre("cifar10", "idx", "npz", "csv", "libsvm"));
}

}  // namespace
}  // namespace fallline
