"""Small models of the kinds that are taught: a maker of each, with what computes its loss."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def mlp():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    x, y = torch.randn(4, 2), torch.randn(4, 1)
    return model, lambda model: F.mse_loss(model(x), y)


def logistic():
    model = nn.Linear(3, 1)
    x, y = torch.randn(5, 3), torch.randint(0, 2, (5, 1)).float()
    return model, lambda model: F.binary_cross_entropy_with_logits(model(x), y)


def cnn():
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))
    x, y = torch.randn(3, 1, 4, 4), torch.tensor([0, 2, 1])
    return model, lambda model: F.cross_entropy(model(x), y)


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 3, batch_first=True)
        self.out = nn.Linear(3, 1)

    def forward(self, x):
        states, _ = self.lstm(x)
        return self.out(states[:, -1])


def lstm():
    x, y = torch.randn(2, 4, 2), torch.randn(2, 1)
    return Recurrent(), lambda model: F.mse_loss(model(x), y)


class Makemore(nn.Module):
    def __init__(self):
        super().__init__()
        self.C = nn.Parameter(torch.randn(6, 2))
        self.W1 = nn.Parameter(torch.randn(6, 5) * 0.3)
        self.bngain = nn.Parameter(torch.ones(1, 5))
        self.bnbias = nn.Parameter(torch.zeros(1, 5))
        self.W2 = nn.Parameter(torch.randn(5, 6) * 0.1)
        self.b2 = nn.Parameter(torch.zeros(6))

    def forward(self, contexts):
        emb = self.C[contexts]
        embcat = emb.view(emb.shape[0], -1)
        hpreact = embcat @ self.W1
        mean = hpreact.mean(0, keepdim=True)
        std = hpreact.std(0, keepdim=True)
        hpreact = self.bngain * (hpreact - mean) / std + self.bnbias
        h = torch.tanh(hpreact)
        return h @ self.W2 + self.b2


def makemore():
    x, y = torch.randint(0, 6, (5, 3)), torch.randint(0, 6, (5,))
    return Makemore(), lambda model: F.cross_entropy(model(x), y)


class Attention(nn.Module):
    def __init__(self, width, heads, isFlash):
        super().__init__()
        self.heads, self.isFlash = heads, isFlash
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)
        self.register_buffer("bias", torch.tril(torch.ones(8, 8)).view(1, 1, 8, 8))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(C, dim=2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        if self.isFlash:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            att = (q @ k.transpose(-2, -1)) * (1.0 / k.size(-1) ** 0.5)
            att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
            att = F.softmax(att, dim=-1)
            y = att @ v
        y = y.transpose(1, 2).contiguous().view(B, T, C)
        return self.c_proj(y)


class Block(nn.Module):
    def __init__(self, width, heads, isFlash):
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads, isFlash)
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width), nn.Dropout(0.2))

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        x = x + self.mlp(self.ln_2(x))
        return x


class GPT(nn.Module):
    def __init__(self, vocabulary=9, length=5, width=8, heads=2, blocks=2, isFlash=True):
        super().__init__()
        self.wte = nn.Embedding(vocabulary, width)
        self.wpe = nn.Embedding(length, width)
        self.h = nn.ModuleList([Block(width, heads, isFlash) for _ in range(blocks)])
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.wte.weight = self.lm_head.weight

    def forward(self, idx, targets):
        pos = torch.arange(idx.size(1))
        x = self.wte(idx) + self.wpe(pos)
        for block in self.h:
            x = block(x)
        logits = self.lm_head(self.ln_f(x))
        return F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))


def gpt(isFlash=True, blocks=2):
    idx, targets = torch.randint(0, 9, (1, 5)), torch.randint(0, 9, (1, 5))
    return GPT(isFlash=isFlash, blocks=blocks), lambda model: model(idx, targets)


def gru():
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru = nn.GRU(2, 3, batch_first=True)
            self.out = nn.Linear(3, 1)

        def forward(self, x):
            return self.out(self.gru(x)[0][:, -1])

    x, y = torch.randn(2, 3, 2), torch.randn(2, 1)
    return Model(), lambda model: F.l1_loss(model(x), y)


def autoencoder():
    model = nn.Sequential(nn.Linear(4, 2), nn.SiLU(), nn.Linear(2, 4), nn.Sigmoid())
    x = torch.rand(3, 4)
    return model, lambda model: ((model(x) - x) ** 2).mean()


def siamese():
    model = nn.Sequential(nn.Linear(3, 2), nn.LeakyReLU(0.1))
    a, b = torch.randn(4, 3), torch.randn(4, 3)
    return model, lambda model: (model(a) - model(b)).pow(2).sum(1).sqrt().mean()


class Variational(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc, self.mu, self.logvar, self.dec = nn.Linear(4, 3), nn.Linear(3, 2), nn.Linear(3, 2), nn.Linear(2, 4)

    def forward(self, x):
        h = torch.relu(self.enc(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        return self.dec(z), mu, logvar


def vae():
    x = torch.rand(3, 4)

    def loss_of(model):
        scores, mu, logvar = model(x)
        likelihood = F.binary_cross_entropy_with_logits(scores, x, reduction="sum")
        return likelihood - 0.5 * (1 + logvar - mu**2 - logvar.exp()).sum()

    return Variational(), loss_of


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU())
        self.middle = nn.Sequential(nn.Conv2d(2, 3, 3, padding=1), nn.ReLU())
        self.up = nn.ConvTranspose2d(3, 2, 2, stride=2)
        self.head = nn.Conv2d(4, 1, 1)

    def forward(self, x):
        skipped = self.down(x)
        below = self.middle(F.avg_pool2d(skipped, 2))
        return self.head(torch.cat([self.up(below), skipped], dim=1))


def unet():
    x, y = torch.randn(1, 1, 4, 4), torch.randint(0, 2, (1, 1, 4, 4)).float()
    return UNet(), lambda model: F.binary_cross_entropy_with_logits(model(x), y)


MODELS = {
    "mlp": mlp, "logistic": logistic, "cnn": cnn, "lstm": lstm, "gru": gru, "makemore": makemore, "gpt": gpt,
    "gpt_by_hand": lambda: gpt(isFlash=False, blocks=1), "gpt_deep": lambda: gpt(blocks=4), "autoencoder": autoencoder,
    "siamese": siamese, "vae": vae, "unet": unet,
}
