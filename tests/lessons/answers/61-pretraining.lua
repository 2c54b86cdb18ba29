-- SPDX-License-Identifier: GPL-3.0-or-later
local second = "second = train.autoencoder(h1, 48, {activation = 'Sigmoid', epochs = %d, lr = 0.003}) "
return {
  ["second layer"] = {right = {second:format(20) .. "h2 = second.encoder(h1):detach()",
    second:format(10) .. "h2 = train.predict(second.encoder, h1)",
    "local input = h1 " .. second:format(25) .. "h2 = train.predict(second.encoder, input)"},
    wrong = second:format(20) .. "h2 = train.predict(second.net, h1)"},
  assemble = {right = {
    "local parts = {first.encoder, second.encoder, third.encoder, nn.Linear(32, 10)} net = nn.Sequential(table.unpack(parts)) tune(net)",
    "net = nn.Sequential(nn.Sequential(first.encoder, second.encoder, third.encoder), nn.Linear(32, 10)) h = tune(net)",
    "net = nn.Sequential(first.encoder, second.encoder, third.encoder, nn.Linear(32, 10)) tune(net) tune(net)"},
    wrong = "net = nn.Sequential(first.encoder, nn.Linear(64, 10)) tune(net)"},
}
