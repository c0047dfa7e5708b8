# Reads mails. In: a JSON object of base64 by name. Out: what each of them says, by name.
use strict;
use warnings;
use JSON::PP qw(decode_json encode_json);
use MIME::Base64 qw(decode_base64);
use Email::MIME;
use Email::Address::XS;

sub mailbox {
    my ($one) = Email::Address::XS->parse($_[0]);
    return [$one->phrase // "", $one->address];
}

sub said {
    my $mail = Email::MIME->new(decode_base64($_[0]));
    my %bodies;
    $mail->walk_parts(sub {
        my $type = ($_[0]->content_type // "") =~ m{^text/(\w+)} ? $1 : return;
        $bodies{$type} = $_[0]->body_str;
    });
    return {
        subject          => $mail->header_str("Subject"),
        from             => mailbox($mail->header_str("From")),
        to               => mailbox($mail->header_str("To")),
        message_id       => $mail->header_raw("Message-ID"),
        list_unsubscribe => $mail->header_raw("List-Unsubscribe") // "",
        text             => $bodies{plain},
        html             => $bodies{html},
    };
}

local $/;
my $mails = decode_json(<STDIN>);
print encode_json({ map { $_ => said($mails->{$_}) } keys %$mails });
