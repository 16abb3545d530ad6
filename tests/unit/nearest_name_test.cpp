#include <gtest/gtest.h>

#include <array>
#include <fallline/nearest_name.hpp>
#include <string>

namespace fallline {
namespace {

constexpr std::array<std::string_view, 6> names{"train",  "evaluate",   "sweep",
                                                "epochs", "batch-size", "learning-rate"};

TEST(NearestName, ASlipOfEachKindIsFoundInEitherCase) {
  for (const auto& [word, meant] : {std::pair{"trian", "train"},
                                    {"tran", "train"},
                                    {"traiin", "train"},
                                    {"trein", "train"},
                                    {"TRAIN", "train"},
                                    {"epoch", "epochs"},
                                    {"evalute", "evaluate"},
                                    {"batchsize", "batch-size"},
                                    {"learn-rate", "learning-rate"},
                                    {"learning_rate", "learning-rate"}})
    EXPECT_EQ(nearest_name(word, names), meant) << word;
}

TEST(NearestName, TheBeginningOfOneNameAloneIsThatName) {
  EXPECT_EQ(nearest_name("learning", names), "learning-rate");
  EXPECT_EQ(nearest_name("eva", names), "evaluate");
  EXPECT_EQ(nearest_name("le", names), std::nullopt) << "two letters begin too much";
  constexpr std::array<std::string_view, 2> two{"test-share", "test-source"};
  EXPECT_EQ(nearest_name("test-s", two), std::nullopt);
}

TEST(NearestName, AnotherWordIsNoMisspelling) {
  for (const std::string& word : {std::string("momentum"), std::string("x"), std::string(),
                                  std::string("-"), std::string(100'000, 'a')})
    EXPECT_EQ(nearest_name(word, names), std::nullopt) << word.substr(0, 9);
  EXPECT_EQ(nearest_name("train", {}), std::nullopt);
}

TEST(NearestName, TheAdviceBeginsWithItOrIsEmpty) {
  EXPECT_EQ(did_you_mean("trian", names), "did you mean 'train'? ");
  EXPECT_EQ(did_you_mean("momentum", names), "");
}

}  // namespace
}  // namespace fallline
